@echo off
rem Finds a Python that this copy carries its parts for, and hands over to program\start.py.
setlocal
cd /d "%~dp0"
chcp 65001 >nul
for %%V in (@NEWEST_FIRST@) do (
    py -%%V -I -c "import venv" >nul 2>nul
    if not errorlevel 1 (
        py -%%V -X utf8 -I program\start.py %*
        goto ended
    )
)
for %%V in (@NEWEST_FIRST@) do (
    python -I -c "import sys, venv; sys.exit('%%d.%%d' %% sys.version_info[:2] != '%%V')" >nul 2>nul
    if not errorlevel 1 (
        python -X utf8 -I program\start.py %*
        goto ended
    )
)
type program\no-python.txt
set ended=3
goto wait
:ended
set ended=%errorlevel%
:wait
if not "%ended%"=="0" pause
exit /b %ended%

// Shows how far work on gaps is, and the page anew when it is over.
const place = document.querySelector("[data-work]");

async function look() {
  const answer = await fetch(place.dataset.work, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const work = await answer.json();
  if (!work.running) {
    location.reload();
    return;
  }
  const bar = place.querySelector("progress");
  place.querySelector("[data-words]").textContent = work.words;
  if (work.total) {
    bar.max = work.total;
    bar.value = work.done;
  } else bar.removeAttribute("value");
  setTimeout(look, 700);
}

if (place) look();

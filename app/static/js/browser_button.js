// Runs on the page of another site when the person presses the bookmark. It opens ADDRESS with what the page says about
// itself, in a new window. It sends nothing else and nothing to anyone else.
(() => {
  const meta = (...names) => {
    for (const name of names) {
      const found = document.querySelector(`meta[property="${name}"],meta[name="${name}"]`);
      if (found?.content) return found.content;
    }
    return "";
  };
  const day = meta("article:published_time", "citation_publication_date", "dc.date", "date");
  const fields = {
    url: location.href,
    title: meta("og:title", "citation_title", "dc.title") || document.title,
    publisher: meta("og:site_name", "citation_publisher", "dc.publisher") || location.hostname,
    published_on: (day.match(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?/) || [""])[0],
    language: (document.documentElement.lang || "").slice(0, 2),
  };
  window.open("ADDRESS?" + new URLSearchParams(fields));
})();

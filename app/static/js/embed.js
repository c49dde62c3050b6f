// For pages of other sites: gives each frame of this site the height that its width needs. It asks this site for it.
(() => {
  const site = new URL(document.currentScript.src).origin;
  const fit = async (frame) => {
    const width = Math.floor(frame.clientWidth);
    if (!width || frame.dataset.fitted === String(width)) return;
    frame.dataset.fitted = width;
    const query = new URLSearchParams({ url: frame.src, maxwidth: width });
    const answer = await fetch(`${site}/oembed?${query}`);
    if (answer.ok) frame.height = (await answer.json()).height;
  };
  const resized = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target).catch(() => {})));
  const watch = () => document.querySelectorAll("iframe").forEach((frame) => {
    if (frame.src.startsWith(`${site}/`) && new URL(frame.src).pathname.endsWith("/embed/")) resized.observe(frame);
  });
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", watch) : watch();
})();

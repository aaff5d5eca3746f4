// The charts. What they show stands in the tables beneath them: without script those tell everything.
import { BarChart, Interpolation, LineChart, Svg } from "./chartist.js";

// The library writes `style` attributes, which our policy refuses; the same through the object model is allowed.
const attr = Svg.prototype.attr;
Svg.prototype.attr = function (attributes, ...more) {
  if (typeof attributes !== "object" || !attributes.style) return attr.call(this, attributes, ...more);
  const { style, ...rest } = attributes;
  this._node.style.cssText = style;
  return attr.call(this, rest, ...more);
};

// What a figure's table says: labels, the columns that are drawn, and every cell for whoever points at it.
function read(figure) {
  const heads = [...figure.querySelectorAll("thead th")];
  const rows = [...figure.querySelectorAll("tbody tr")];
  const drawn = heads.flatMap((head, n) => (head.dataset.series ? [{ n, name: head.dataset.series }] : []));
  const number = (cell) => (Number.isFinite(parseFloat(cell.textContent)) ? parseFloat(cell.textContent) : null);
  return {
    labels: rows.map((row) => row.dataset.short),
    series: drawn.map(({ n, name }) => ({ className: `series ${name}`, data: rows.map((row) => number(row.cells[n])) })),
    told: rows.map((row) => ({
      title: row.cells[0].textContent,
      lines: drawn.map(({ n, name }) => ({ name, label: heads[n].textContent, value: row.cells[n].textContent })),
    })),
  };
}

// As many labels as there is room for.
const room = (plot, labels) => Math.max(1, Math.ceil((labels.length * 58) / Math.max(plot.clientWidth - 40, 1)));

function draw(figure) {
  const plot = figure.querySelector(".plot");
  const { labels, series, told } = read(figure);
  const whole = figure.dataset.chart === "stack";
  const highest = Math.max(1, ...labels.map((_, n) => {
    const values = series.map(({ data }) => data[n] ?? 0);
    return whole ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  }));
  const make = () => {
    const every = room(plot, labels);
    const options = {
      low: 0,
      high: whole ? highest : undefined,
      chartPadding: { top: 12, right: 4, bottom: 0, left: 0 },
      axisX: { showGrid: false, offset: 24, labelInterpolationFnc: (label, n) => ((labels.length - 1 - n) % every ? null : label) },
      axisY: { offset: 34, onlyInteger: whole, scaleMinSpace: 34 },
    };
    if (whole) return new BarChart(plot, { labels, series }, { ...options, stackBars: true });
    const lineSmooth = Interpolation.monotoneCubic({ fillHoles: true });
    return new LineChart(plot, { labels, series }, { ...options, lineSmooth, showPoint: labels.length < 40, fullWidth: false });
  };
  let chart = make();
  let width = plot.clientWidth;
  chart.on("draw", (part) => {
    if (part.type === "bar") wide(part.element._node, plot, labels.length);
  });
  chart.on("created", () => band(plot, labels.length));
  new ResizeObserver(() => {
    if (plot.clientWidth === width) return;
    width = plot.clientWidth;
    chart.update(null, { axisX: { ...chart.options.axisX, labelInterpolationFnc: (label, n) => ((labels.length - 1 - n) % room(plot, labels) ? null : label) } }, true);
  }).observe(plot);
  point(figure, plot, told);
}

// A bar is as wide as there is room, and never a plank.
function wide(bar, plot, count) {
  bar.style.strokeWidth = `${Math.max(3, Math.min(34, ((plot.clientWidth - 44) / count) * 0.62))}px`;
}

// Where the bars stand within the plot, for pointing at them.
function band(plot, count) {
  const grid = plot.querySelector(".ct-grids")?.getBoundingClientRect();
  const outer = plot.getBoundingClientRect();
  plot.dataset.left = grid ? grid.left - outer.left : 34;
  plot.dataset.step = grid ? grid.width / count : 1;
}

// Pointing at a bar tells its numbers. The table is for everybody else.
function point(figure, plot, told) {
  const note = document.createElement("div");
  note.className = "told";
  note.hidden = true;
  const mark = document.createElement("div");
  mark.className = "mark";
  mark.hidden = true;
  plot.append(mark, note);
  const hide = () => (note.hidden = mark.hidden = true);
  plot.addEventListener("pointerleave", hide);
  plot.addEventListener("pointermove", (event) => {
    const { left, width } = plot.getBoundingClientRect();
    const [from, step] = [Number(plot.dataset.left), Number(plot.dataset.step)];
    const n = Math.floor((event.clientX - left - from) / step);
    if (!told[n]) return hide();
    // An update of the chart empties its plot.
    if (!note.isConnected) plot.append(mark, note);
    const title = document.createElement("b");
    title.textContent = told[n].title;
    note.replaceChildren(title, ...told[n].lines.map(({ name, label, value }) => {
      const line = document.createElement("span");
      line.className = name;
      const count = document.createElement("b");
      count.textContent = value;
      line.append(`${label} `, count);
      return line;
    }));
    note.hidden = mark.hidden = false;
    mark.style.left = `${from + n * step}px`;
    mark.style.width = `${step}px`;
    const at = from + (n + 0.5) * step;
    const half = note.offsetWidth / 2;
    note.style.left = `${Math.min(Math.max(at, half), width - half)}px`;
  });
}

for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);

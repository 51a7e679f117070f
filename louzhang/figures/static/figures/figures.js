/* Draws the charts of the figures from what the page carries beside them. The tables below say the same, so
   without a script nothing is missing. Colours come from the tokens, and with them the theme and care mode. */
(() => {
  "use strict";

  const TONES = { brand: "--brand", blue: "--blue", amber: "--amber", red: "--red" };
  const LYING = ["stacked", "across"];
  const drawn = [];

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function print() {
    return window.matchMedia("print").matches;
  }

  function words() {
    const size = Math.max(14, Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.82));
    return { color: token(print() ? "--line-strong" : "--ink-2"), fontFamily: token("--font"), fontSize: size };
  }

  function axes(chart) {
    const text = words();
    const lines = { lineStyle: { color: token("--line") } };
    const labels = { type: "category", data: chart.labels, axisLabel: text, axisLine: lines, axisTick: { show: false } };
    const unit = chart.unit || "";
    const values = {
      type: "value", minInterval: unit ? 0 : 1, axisLabel: { ...text, hideOverlap: true, formatter: `{value}${unit}` }, splitLine: lines,
    };
    if (!LYING.includes(chart.kind)) return { xAxis: labels, yAxis: values };
    const names = { ...text, width: 10 * text.fontSize, overflow: "truncate", interval: 0 };
    return { xAxis: values, yAxis: { ...labels, inverse: true, axisLabel: names } };
  }

  function series(chart, one) {
    const color = token(TONES[one.tone]);
    const base = { name: one.name, data: one.values, itemStyle: { color }, animation: false };
    if (chart.kind === "line") {
      return { ...base, type: "line", showSymbol: one.values.length < 40, symbolSize: 7, lineStyle: { width: 2, color } };
    }
    const borders = { color, borderColor: token("--surface"), borderWidth: 1 };
    return { ...base, type: "bar", barMaxWidth: 28, itemStyle: borders, stack: chart.kind === "stacked" ? "all" : undefined };
  }

  function option(chart) {
    const text = words();
    return {
      aria: { enabled: false, decal: { show: chart.series.length > 1 && chart.kind !== "line" } },
      textStyle: text,
      grid: { left: 12, right: 24, top: chart.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
      legend: { show: chart.series.length > 1, top: 0, left: 0, textStyle: text, itemGap: 20 },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: chart.kind === "line" ? "line" : "shadow" },
        backgroundColor: token("--surface"), borderColor: token("--line-strong"), textStyle: { ...text, color: token("--ink") },
        valueFormatter: (value) => `${value}${chart.unit || ""}`,
      },
      ...axes(chart),
      series: chart.series.map((one) => series(chart, one)),
    };
  }

  function draw(place) {
    const carried = document.getElementById(place.dataset.chart);
    if (!carried) return;
    const chart = JSON.parse(carried.textContent);
    place.hidden = false;
    if (LYING.includes(chart.kind)) place.style.height = `${chart.labels.length * 1.9 * words().fontSize + 96}px`;
    const view = window.echarts.init(place, null, { renderer: "svg" });
    view.setOption(option(chart));
    view.on("click", (hit) => {
      const url = chart.urls[hit.dataIndex];
      if (url) window.location.assign(url);
    });
    drawn.push([view, chart]);
  }

  function redraw() {
    for (const [view, chart] of drawn) {
      view.resize();
      view.setOption(option(chart));
    }
  }

  if (!window.echarts) return;
  document.querySelectorAll("[data-chart]").forEach(draw);
  window.addEventListener("resize", redraw);
  window.addEventListener("beforeprint", redraw);
  window.addEventListener("afterprint", redraw);
})();

/* Draws each plot from the table it stands beside, so that both always say the same. Without scripts the table stays.
   A table's head names the years, with the form each follows in data-form; a row is one series, its numbers in
   data-value. A cell without one is a gap, never zero. */
(() => {
  "use strict";

  // Told apart by all, also those who see few colours (after Okabe and Ito), and darkened to stand on paper.
  const COLOURS = ["#1a4f7a", "#c2571a", "#2f7d5b", "#8c2f5d", "#b98017", "#5b8fb9", "#5a616a", "#9c2b1f"];
  // In single quotes: the picture that is saved has the names in an attribute.
  const FONT = getComputedStyle(document.body).fontFamily.replaceAll('"', "'");
  const INK = "#1d2126", MUTED = "#5a616a", LINE = "#d8d3c8";

  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();

  function read(table) {
    const heads = [...table.tHead.rows[0].cells].slice(1);
    return {
      years: heads.map(words),
      forms: heads.map((head) => head.dataset.form || ""),
      series: [...table.tBodies[0].rows].map((row) => ({
        name: words(row.cells[0]),
        values: [...row.cells].slice(1).map((cell) => ("value" in cell.dataset ? Number(cell.dataset.value) : null)),
      })),
    };
  }

  // Where the form changes: the places right before the first year of another form, years without a report passed over.
  function changes(forms) {
    let before = "";
    return forms.flatMap((form, i) => {
      const changed = form && before && form !== before;
      before = form || before;
      return changed ? [i] : [];
    });
  }

  function option(plot, data) {
    const { kind, title, unit, source, year, change } = plot.dataset;
    const narrow = plot.clientWidth < 480;
    const lines = kind === "lines";
    const series = data.series.map((line, i) => ({
      name: line.name,
      type: lines ? "line" : "bar",
      stack: kind === "stacked" ? "all" : undefined,
      data: line.values,
      connectNulls: false,
      barMaxWidth: 42,
      symbolSize: 7,
      symbol: ["circle", "rect", "triangle", "diamond"][i % 4],
      label: { show: lines && data.series.length === 1, position: "top", color: INK },
      emphasis: { focus: "series" },
    }));
    const places = changes(data.forms);
    if (places.length) {
      // An axis of its own, counted in columns: the line stands between two years, on neither.
      series.push({
        type: "line", xAxisIndex: 1, data: [], silent: true, tooltip: { show: false },
        markLine: {
          symbol: "none", silent: true, lineStyle: { color: MUTED, type: "dashed", width: 1.5 },
          label: { formatter: change, color: MUTED, position: "end", fontSize: 11 },
          data: places.map((place) => ({ xAxis: place })),
        },
      });
    }
    return {
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: FONT, color: INK },
      title: { text: title, subtext: source, left: 0, top: 0, padding: 0, textStyle: { fontSize: narrow ? 13 : 15, color: INK, width: plot.clientWidth, overflow: "truncate" }, subtextStyle: { color: MUTED, fontSize: 11 } },
      legend: { data: data.series.map((line) => line.name), type: "scroll", bottom: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 10 },
      // Drawn, not laid over as markup: the page allows no style but its own.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: lines ? "line" : "shadow" }, order: kind === "stacked" ? "seriesDesc" : "valueDesc" },
      grid: { left: 4, right: 12, top: places.length ? 92 : 76, bottom: 58, containLabel: true },
      xAxis: [
        { type: "category", data: data.years, name: year, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: MUTED }, axisTick: { alignWithLabel: true }, axisLine: { lineStyle: { color: MUTED } }, axisLabel: { color: INK } },
        { type: "value", min: 0, max: data.years.length, show: false },
      ],
      yAxis: { type: "value", name: unit, minInterval: unit === "%" ? 0 : 1, nameGap: 12, nameTextStyle: { color: MUTED, align: "left" }, axisLabel: { color: INK }, splitLine: { lineStyle: { color: LINE } } },
      series,
    };
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function saveAs(kind, plot, chart) {
    const name = `${plot.dataset.title.replace(/[\\/:*?"<>|\s]+/g, "-")}.${kind}`;
    const svg = chart.renderToSVGString();
    if (kind === "svg") {
      save(new Blob([svg], { type: "image/svg+xml" }), name);
      return;
    }
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = chart.getWidth() * 2;
      canvas.height = chart.getHeight() * 2;
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, name), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  }

  for (const plot of document.querySelectorAll(".plot")) {
    const data = read(document.getElementById(plot.dataset.table));
    const canvas = plot.querySelector(".canvas");
    const chart = echarts.init(canvas, null, { renderer: "svg" });
    const draw = () => chart.setOption(option(plot, data), true);
    draw();
    plot.dataset.drawn = String(data.series.length);
    plot.querySelectorAll("[data-save]").forEach((button) => {
      button.addEventListener("click", () => saveAs(button.dataset.save, plot, chart));
    });
    let width = canvas.clientWidth;
    new ResizeObserver(() => {
      if (canvas.clientWidth === width) return;
      width = canvas.clientWidth;
      chart.resize();
      draw();
    }).observe(canvas);
  }
})();

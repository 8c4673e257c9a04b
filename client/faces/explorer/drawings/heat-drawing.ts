/** Heat maps: the days of a calendar, and the hours of a week. Pure. */

import type { Walk } from "../../../charts/chart-walk.ts";
import { calendarOf, weekOf } from "../../../charts/week-shape.ts";
import { shadeSteps, writtenShade, type WrittenShade } from "../../../map/shade.ts";
import { formatDate, formatTick, weekdayNames } from "../../../words/format-date.ts";
import {
  numberCell,
  readoutInWords,
  type Cell,
  type Drawing,
  type Figure,
  type Paper,
  type Table,
} from "./drawing.ts";
import { readout, tooltipStyle, type ReadoutLine } from "../../../charts/readout.ts";

/** One square: column and row, its value, what it is called, and what its value rests on. */
interface Square {
  readonly column: number;
  readonly row: number;
  readonly value: number | null;
  readonly name: string;
  readonly count: string | null;
}

interface Sheet {
  readonly figure: Figure;
  readonly squares: readonly Square[];
  readonly columns: number;
  /** What stands over or under the columns. */
  readonly columnNames: readonly { readonly column: number; readonly name: string }[];
}

export function weekDrawing(figures: readonly Figure[], paper: Paper): Drawing {
  const { t, language } = paper.words;
  const days = weekdayNames(language);
  const sheets = figures.map((figure): Sheet => {
    const week = weekOf(figure.points, paper.zone);
    return {
      figure,
      columns: 24,
      columnNames: [0, 3, 6, 9, 12, 15, 18, 21].map((hour) => ({ column: hour, name: twoDigits(hour) })),
      squares: week.flatMap((row, day) =>
        row.map(({ mean, count }, hour) => ({
          column: hour,
          row: day,
          value: mean,
          name: t("explorer.week.hour", { day: days[day]!, from: twoDigits(hour), to: twoDigits(hour + 1) }),
          count: t("explorer.week.count", { count }),
        })),
      ),
    };
  });
  return {
    ...heat(sheets, paper),
    walk: squareWalk(sheets, { right: 1, down: 24 }, paper),
    table: squareTable(sheets, paper, t("explorer.table.weekHour")),
    note: t("explorer.notes.week", { zone: paper.zone }),
  };
}

export function calendarDrawing(figures: readonly Figure[], paper: Paper): Drawing {
  const { t, language } = paper.words;
  const sheets = figures.map((figure): Sheet => {
    const days = calendarOf(figure.points, paper.zone);
    const firsts = days.filter(({ date }, i) => i === 0 || date.endsWith("-01"));
    return {
      figure,
      columns: (days.at(-1)?.week ?? 0) + 1,
      columnNames: firsts
        .filter(({ week }, i) => (firsts[i + 1]?.week ?? week + 9) - week > 2)
        .map(({ week, at }) => ({ column: week, name: formatTick(at, "month", paper.zone, language) })),
      squares: days.map(({ week, weekday, value, at }) => ({
        column: week,
        row: weekday - 1,
        value,
        name: formatDate(at, paper.zone, language),
        count: null,
      })),
    };
  });
  return {
    ...heat(sheets, paper),
    walk: squareWalk(sheets, { right: 7, down: 1 }, paper),
    table: squareTable(sheets, paper, t("explorer.table.day")),
    note: t("explorer.notes.calendar"),
  };
}

function twoDigits(hour: number): string {
  return String(hour).padStart(2, "0");
}

/** From square to square, and from sheet to sheet. */
function squareWalk(
  sheets: readonly Sheet[],
  steps: { readonly right: number; readonly down: number },
  paper: Paper,
): Walk {
  const all = sheets.flatMap((sheet, series) =>
    sheet.squares.map((square, index) => ({ sheet, square, series, index })),
  );
  const known = all.findIndex(({ square }) => square.value !== null);
  return {
    ...steps,
    stops: all.length,
    from: Math.max(known, 0),
    place: (stop) => all[stop]!,
    words(stop) {
      const { sheet, square } = all[stop]!;
      return readoutInWords(square.name, squareLines(sheet, square, paper), paper.words);
    },
  };
}

function squareLines({ figure }: Sheet, { value, count }: Square, paper: Paper): readonly ReadoutLine[] {
  return [{ name: count ?? figure.title, value: numberCell(value, figure.unit, paper).text, color: null }];
}

/** The order of the squares is time's or the week's. */
function squareTable(sheets: readonly Sheet[], paper: Paper, title: string): Table {
  const order = (square: Square): number => square.row * 100 + square.column;
  const [first] = sheets;
  return {
    columns: [
      { title, isFigure: false },
      ...sheets.map(({ figure }) => ({ title: figure.title, isFigure: true })),
    ],
    rows: (first?.squares ?? []).map((square, i) => [
      { sort: first!.columns === 24 ? order(square) : i, text: square.name } satisfies Cell,
      ...sheets.map(({ squares, figure }) => numberCell(squares[i]?.value ?? null, figure.unit, paper)),
    ]),
  };
}

function heat(
  sheets: readonly Sheet[],
  paper: Paper,
): Pick<Drawing, "option" | "height" | "isTime" | "findings"> {
  const { scale, width, look, words } = paper;
  const head = 46 * scale;
  const foot = 18 * scale;
  const left = 52 * scale;
  const legend = 132 * scale;
  const room = Math.max(width - left - legend, 120 * scale);
  const side = (columns: number): number => Math.min(room / columns, 44 * scale);
  const tall = (columns: number): number => 7 * Math.min(Math.max(side(columns), 12 * scale), 32 * scale);
  let top = 0;
  const grids = sheets.map(({ columns }) => {
    const grid = { left, top: top + head, width: side(columns) * columns, height: tall(columns) };
    top += head + grid.height + foot;
    return grid;
  });
  const shades = sheets.map((sheet) => {
    const { squares, figure } = sheet;
    // What is compared shares its scale.
    const others = sheets.filter((one) => one !== sheet && one.figure.id === figure.id);
    return writtenShade(
      squares.map((_, i) => String(i)),
      [
        ...squares.map(({ value }, i) => ({ id: String(i), value })),
        ...others.flatMap((other) => other.squares.map(({ value }, i) => ({ id: `other ${i}`, value }))),
      ],
      figure.unit,
      words.language,
    );
  });
  // A chart of one figure has its name as its heading.
  const titles = sheets.map(({ figure }, i) =>
    [...(sheets.length > 1 ? [figure.title] : []), ...(shades[i]!.unit === "" ? [] : [shades[i]!.unit])].join(
      " · ",
    ),
  );
  const hidden = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  return {
    height: top,
    isTime: false,
    findings: [],
    option: {
      animation: false,
      backgroundColor: look.page,
      textStyle: { fontFamily: look.font, fontSize: 12 * scale },
      grid: grids,
      xAxis: sheets.map(({ columns }, gridIndex) => ({
        type: "value",
        gridIndex,
        min: 0,
        max: columns,
        ...hidden,
        axisLabel: { show: false },
      })),
      yAxis: sheets.map((_, gridIndex) => ({
        type: "value",
        gridIndex,
        min: 0,
        max: 7,
        inverse: true,
        ...hidden,
        axisLabel: { show: false },
      })),
      tooltip: { trigger: "item", ...tooltipStyle(paper) },
      series: sheets.map((sheet, i) => squareSeries(sheet, titles[i]!, shades[i]!, grids[i]!, i, paper)),
    },
  };
}

interface Grid {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function squareSeries(
  sheet: Sheet,
  title: string,
  shade: WrittenShade,
  grid: Grid,
  index: number,
  paper: Paper,
) {
  const { look, scale } = paper;
  const wide = grid.width / sheet.columns;
  const tall = grid.height / 7;
  return {
    type: "custom",
    xAxisIndex: index,
    yAxisIndex: index,
    data: [...sheet.squares.map(({ column, row }) => [column + 0.5, row + 0.5]), [0, 0]],
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const square = sheet.squares[dataIndex];
        if (!square) return "";
        return readout(square.name, squareLines(sheet, square, paper));
      },
    },
    renderItem: ({ dataIndex }: { dataIndex: number }) => {
      const square = sheet.squares[dataIndex];
      // After the squares come the words around them.
      if (!square)
        return { type: "group", silent: true, children: surroundings(sheet, title, shade, grid, paper) };
      const step = shade.stepOf.get(String(dataIndex));
      return {
        type: "rect",
        shape: {
          x: grid.left + square.column * wide,
          y: grid.top + square.row * tall,
          width: Math.max(wide - scale, 1),
          height: tall - scale,
        },
        style:
          step === undefined
            ? { fill: look.page, stroke: look.line, lineWidth: scale }
            : { fill: look.ramp[step] },
        emphasis: { style: { stroke: look.ink0, lineWidth: 2 * scale } },
      };
    },
  };
}

/** Title, weekdays, columns' names and the ramp with its numbers. */
function surroundings(
  sheet: Sheet,
  title: string,
  shade: WrittenShade,
  grid: Grid,
  { look, scale, words }: Paper,
): object[] {
  const size = 12 * scale;
  const say = (text: string, x: number, y: number, align: "left" | "right" | "center", fill = look.ink3) => ({
    type: "text",
    style: { text, x, y, align, verticalAlign: "middle", fill, fontSize: size, fontFamily: look.font },
  });
  const tall = grid.height / 7;
  const wide = grid.width / sheet.columns;
  const right = grid.left + grid.width + 20 * scale;
  const steps = shade.bounds
    .map((bound, i) => ({ bound, next: shade.bounds[i + 1] ?? shade.top, i }))
    .toReversed();
  return [
    say(title, 6 * scale, grid.top - 36 * scale, "left", look.ink2),
    ...weekdayNames(words.language).map((day, i) =>
      say(day, grid.left - 8 * scale, grid.top + (i + 0.5) * tall, "right"),
    ),
    ...sheet.columnNames.map(({ column, name }) =>
      say(name, grid.left + column * wide, grid.top - 11 * scale, "left"),
    ),
    ...steps.flatMap(({ bound, next, i }, row) => {
      const y = grid.top + row * Math.min(20 * scale, grid.height / shadeSteps);
      return [
        {
          type: "rect",
          shape: { x: right, y, width: 16 * scale, height: 12 * scale },
          style: { fill: look.ramp[i] },
        },
        say(
          words.t("explorer.ramp.step", { from: shade.write(bound), to: shade.write(next) }),
          right + 24 * scale,
          y + 6 * scale,
          "left",
        ),
      ];
    }),
  ];
}

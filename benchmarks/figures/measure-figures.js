import { importFigures } from "./imports.js";
import { sizeFigures } from "./installed-size.js";
import { typeFigures } from "./type-checking.js";

const FIGURES = [importFigures, sizeFigures, typeFigures];

/** What is measured in processes of its own: imports, installed bytes, types. */
export async function measureFigures({ word, rounds }) {
  const figures = [];
  for (const measure of FIGURES) if (word === undefined || measure.word.includes(word)) figures.push(...(await measure({ rounds })));
  return figures;
}

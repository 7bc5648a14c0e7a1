import { importFigures } from "./imports.js";

const FIGURES = [importFigures];

/** What is measured once, in processes of its own: imports, installed bytes, types. */
export async function measureFigures({ word, rounds }) {
  const figures = [];
  for (const measure of FIGURES) if (word === undefined || measure.word.includes(word)) figures.push(...(await measure({ rounds })));
  return figures;
}

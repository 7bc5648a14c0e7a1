/** Gives a text of so many characters: words of small letters, drawn by a fixed sequence, so that every run gets the same. */
export function makeBook(length) {
  let seed = 1;
  const draw = (most) => {
    // Park and Miller's sequence: its products fit a double exactly.
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % most;
  };
  const words = [];
  for (let size = 0; size < length; size += words.at(-1).length + 1) {
    words.push(Array.from({ length: 2 + draw(8) }, () => String.fromCharCode(97 + draw(26))).join(""));
  }
  return words.join(" ").slice(0, length);
}

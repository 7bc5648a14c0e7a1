export const MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
export const WEEKDAY_NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  fourteen: 14,
};

/** A number in digits or as a word; NaN for anything else. */
export const numberOf = (text: string): number => NUMBERS[text.toLowerCase()] ?? Number(text);

const number = `\\d{1,2}|${Object.keys(NUMBERS).join("|")}`;
const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const date = "\\d{1,2}";
const ordinal = "(?:st|nd|rd|th)?";
const until = "\\s*(?:-|–|—|to|until|till|through|and)\\s*(?:the\\s+)?";

/** "for two nights", "3 nights", "a week". */
export const NIGHTS_PATTERN = new RegExp(`(?:\\bfor\\s+)?\\b(${number})\\s+(nights?|weeks?)\\b`, "gi");

/** One day or a range of days within a month, with whatever word leads to it. */
export const DATE_PATTERN = new RegExp(
  `(?:\\b(?:from|on|for|starting|between|until|till|to|and|arriving|leaving)\\s+)?(?:the\\s+)?(?:${[
    "\\b(?<iso>\\d{4}-\\d{2}-\\d{2})\\b",
    "\\b(?<word>day after tomorrow|tomorrow|tonight|today)\\b(?:\\s+night)?",
    "\\b(?:next\\s+|this\\s+)?(?<weekday>(?:sun|mon|tues?|wednes|thurs?|fri|satur)day)\\b(?:\\s+night)?",
    `\\b(?<from>${date})${ordinal}(?:${until}(?<to>${date})${ordinal})?\\s+(?:of\\s+)?(?<monthAfter>${month})(?![\\p{L}])(?:,?\\s+(?<year>\\d{4})\\b)?`,
    `\\b(?<monthBefore>${month})\\s+(?:the\\s+)?(?<fromAfter>${date})${ordinal}(?!\\d)(?:${until}(?<toAfter>${date})${ordinal}(?!\\d))?(?:,?\\s+(?<yearAfter>\\d{4})\\b)?`,
  ].join("|")})`,
  "giu",
);

/** Where a desk keeps its conversations when nobody says. */
export const DEFAULT_DATABASE = ".holdpoint-demo/desk.db";

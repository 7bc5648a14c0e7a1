// Questions as somebody would keep them by hand: a row for each, and an answer that counts once.

function inMemory() {
  const questions = new Map();
  const key = (thread, name) => `${thread} ${name}`;
  return {
    ask: (thread, name, value) => void questions.set(key(thread, name), { value: JSON.stringify(value), answer: undefined }),
    answer(thread, name, value) {
      const question = questions.get(key(thread, name));
      if (question === undefined || question.answer !== undefined) return false;
      question.answer = JSON.stringify(value);
      return true;
    },
    transaction: (work) => work(),
  };
}

function inTable(database) {
  database.exec(
    "CREATE TABLE questions (thread TEXT, name TEXT, value TEXT NOT NULL, answer TEXT, PRIMARY KEY (thread, name)) WITHOUT ROWID",
  );
  const ask = database.prepare("INSERT OR REPLACE INTO questions (thread, name, value) VALUES (?, ?, ?)");
  const answer = database.prepare("UPDATE questions SET answer = ? WHERE thread = ? AND name = ? AND answer IS NULL");
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  return {
    ask: (thread, name, value) => void ask.run(thread, name, JSON.stringify(value)),
    /** Tells whether the answer is the one that counts. */
    answer: (thread, name, value) => answer.run(JSON.stringify(value), thread, name).changes === 1,
    /** Everything that `work` keeps, or nothing of it. */
    transaction(work) {
      begin.run();
      work();
      commit.run();
    },
  };
}

/** The questions of a hand-written store. */
export const handQuestions = (store) => (store.database === undefined ? inMemory() : inTable(store.database));

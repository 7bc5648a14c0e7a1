import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DemoProgram, DeskFolder, GATE, YOU } from "./support/demo-program.js";

let desk: DeskFolder;
beforeEach(() => {
  desk = new DeskFolder();
});
afterEach(() => desk.remove());

const REQUEST = "Book the McKittrick Hotel from 12 to 14 March for Ada Lovelace";

/** Starts, asks for a booking, and comes to the gate. */
async function toTheGate() {
  const program = desk.talk();
  await program.until(YOU);
  program.send(REQUEST);
  const shown = await program.until(GATE);
  return { program, shown };
}

describe("without a terminal", () => {
  it("plays the whole story, checks it, and exits with 0", async () => {
    const program = desk.start();
    expect(await program.end()).toEqual({ code: 0, signal: null });
    expect(program.output).toMatch(
      /the demo plays a story.*1\. The agent is asked.*Waits for your approval: book_hotel.*2\. The process ends/s,
    );
    expect(program.output).toMatch(
      /3\. A person edits.*HP-1001.*4\. The answer comes a second time.*5\. The next call is rejected.*All of it held\./s,
    );
    expect(program.output).not.toContain("✗ exactly");
    expect(program.output).not.toContain("\u001b");
    expect(desk.bookings()).toMatchObject([{ hotel_name: "McKittrick Hotel", guest: "Ada Lovelace", status: "booked" }]);
    expect(desk.mails()).toEqual(["HP-1001-booked.eml"]);
  });

  it("plays it again on the same files", async () => {
    expect((await desk.start().end()).code).toBe(0);
    expect((await desk.start().end()).code).toBe(0);
    expect(desk.bookings()).toHaveLength(2);
  });

  it("exits with 1 when something did not hold", async () => {
    const program = desk.start({ preload: new URL("./support/book-twice.mjs", import.meta.url).href });
    expect((await program.end()).code).toBe(1);
    expect(program.output).toMatch(/✗ exactly one booking.*checks failed/s);
  });
});

describe("at the gate", () => {
  it("shows the whole call, and has done nothing", async () => {
    const { shown } = await toTheGate();
    expect(shown).toMatch(
      /book_hotel.*hotel_name\s+McKittrick Hotel.*check_in\s+\d{4}-03-12.*check_out\s+\d{4}-03-14.*guest\s+Ada Lovelace/s,
    );
    expect(desk.bookings()).toEqual([]);
    expect(desk.mails()).toEqual([]);
  });

  it("accept books once and sends one mail", async () => {
    const { program } = await toTheGate();
    program.send("a");
    expect(await program.until(YOU)).toMatch(/HP-1001 is in the books.*Booked: McKittrick Hotel/s);
    expect((await program.end()).code).toBe(0);
    expect(desk.bookings()).toMatchObject([{ booking_id: "HP-1001", guest: "Ada Lovelace", total: 420 }]);
    expect(desk.mails()).toEqual(["HP-1001-booked.eml"]);
    expect(readFileSync(join(desk.folder, "desk.outbox", "HP-1001-booked.eml"), "utf8")).toMatch(
      /^To: Ada Lovelace\r$.*McKittrick Hotel expects you/ms,
    );
  });

  it("edit goes through the fields, shows what was changed, and books that", async () => {
    const { program } = await toTheGate();
    for (const line of ["e", "", "", "", "Grace Hopper"]) program.send(line);
    expect(await program.until(GATE)).toMatch(/\*guest\s+Grace Hopper\n│\s+\(was: Ada Lovelace\)/);
    expect(desk.bookings()).toEqual([]);
    program.send("a");
    await program.until(YOU);
    expect(desk.bookings()).toMatchObject([{ hotel_name: "McKittrick Hotel", guest: "Grace Hopper" }]);
  });

  it("does not take an edit that does not fit, and keeps it to be mended", async () => {
    const { program } = await toTheGate();
    for (const line of ["e", "", "", "2020-01-01", "Grace Hopper", "a"]) program.send(line);
    await program.until(/ccept changes.*ccept changes.* › $/s);
    expect(program.output).toContain("check_out must be after check_in");
    expect(desk.bookings()).toEqual([]);
    for (const line of ["e", "", "", "2099-01-01", "", "e", "", "2098-12-31", "", "", "a"]) program.send(line);
    await program.until(YOU);
    expect(desk.bookings()).toMatchObject([{ guest: "Grace Hopper", check_in: "2098-12-31", check_out: "2099-01-01" }]);
  });

  it("respond answers the agent, which proposes something else", async () => {
    const { program } = await toTheGate();
    for (const line of ["r", "One night only, please"]) program.send(line);
    expect(await program.until(GATE)).toMatch(/book_hotel was not run.*check_out\s+\d{4}-03-13/s);
    expect(desk.bookings()).toEqual([]);
  });

  it("ignore does nothing", async () => {
    const { program } = await toTheGate();
    program.send("i");
    expect(await program.until(YOU)).toMatch(/book_hotel was not run/);
    expect(desk.bookings()).toEqual([]);
    expect(desk.mails()).toEqual([]);
  });

  it("takes nothing but a clear answer", async () => {
    const { program } = await toTheGate();
    for (const line of ["", "ok", "aa", "sure"]) {
      program.send(line);
      expect(await program.until(GATE)).toContain("Type a, e, r or i.");
    }
    expect(desk.bookings()).toEqual([]);
  });

  it("goes on waiting when the input ends", async () => {
    const { program } = await toTheGate();
    expect((await program.end()).code).toBe(0);
    expect(program.output).toContain("The call goes on waiting for approval.");
    const again = desk.talk();
    expect(await again.until(GATE)).toMatch(/still waits for you.*Ada Lovelace/s);
  });

  it("counts the first of two answers, from two programs", async () => {
    const { program } = await toTheGate();
    const other = desk.talk();
    await other.until(GATE);
    other.send("a");
    await other.until(YOU);
    for (const line of ["e", "", "", "", "Grace Hopper"]) program.send(line);
    await program.until(GATE);
    program.send("a");
    expect(await program.until(YOU)).toContain("Somebody else has decided this call");
    expect(desk.bookings()).toMatchObject([{ guest: "Ada Lovelace" }]);
    expect(desk.mails()).toHaveLength(1);
  });

  it("decides two calls of one message apart", async () => {
    const first = await toTheGate();
    first.program.send("a");
    await first.program.until(YOU);
    first.program.send("Book the Old Mill from 12 to 14 March for Grace Hopper");
    await first.program.until(GATE);
    first.program.send("a");
    await first.program.until(YOU);
    first.program.send("cancel HP-1001 and HP-1002");
    expect(await first.program.until(GATE)).toMatch(/1 of 2.*booking_id\s+HP-1001/s);
    first.program.send("i");
    expect(await first.program.until(GATE)).toMatch(/cancel_booking.*booking_id\s+HP-1002/s);
    first.program.send("a");
    await first.program.until(YOU);
    expect(desk.bookings()).toMatchObject([{ status: "booked" }, { status: "cancelled" }]);
  });
});

describe("flags", () => {
  it.each([
    [["--frobnicate"], "Unknown option '--frobnicate'"],
    [["extra"], "Unexpected argument 'extra'"],
    [["--thread", ""], "--thread needs a name"],
    [["--thread"], "argument missing"],
    [["--model", "gpt-4"], '--model does not know "gpt-4"'],
    [["--model", "claude-sonnet-4-5"], "needs ANTHROPIC_API_KEY"],
    [["--db", "/"], "is a folder"],
    [["--list=yes"], "does not take an argument"],
  ])("refuses %j with one line and 2", async (args, line) => {
    const program = new DemoProgram({ args });
    expect(await program.end()).toEqual({ code: 2, signal: null });
    expect(program.errors).toContain(line);
    expect(program.errors.trim().split("\n")).toHaveLength(1);
    expect(program.output).toBe("");
  });

  it("tells what is wrong with a file that is no database, and exits with 1", async () => {
    const program = new DemoProgram({ args: ["--interactive", "--db", join(import.meta.dirname, "program.test.ts")] });
    expect((await program.end()).code).toBe(1);
    expect(program.errors).toMatch(/program\.test\.ts.*not a SQLite database/);
    expect(program.errors).not.toContain("    at ");
  });

  it("--list shows what each conversation waits for", async () => {
    const empty = desk.start({ args: ["--list"] });
    expect((await empty.end()).code).toBe(0);
    expect(empty.output).toMatch(/no conversation yet/);

    const { program } = await toTheGate();
    await program.end();
    const other = desk.talk({ args: ["--thread", "lisbon"] });
    await other.until(YOU);
    other.send("Which hotels are in Lisbon?");
    await other.until(YOU);
    await other.end();
    const list = desk.start({ args: ["--list"] });
    expect((await list.end()).code).toBe(0);
    expect(list.output).toMatch(
      /front-desk\s+waits for approval: book_hotel \(McKittrick Hotel, \d{4}-03-12, \d{4}-03-14, Ada\s+Lovelace\)/,
    );
    expect(list.output).toMatch(/lisbon\s+waits for nothing\n\s+4 messages/);
  });

  it("NO_COLOR and pipes are plain, FORCE_COLOR is not", async () => {
    const plain = desk.talk({ env: { NO_COLOR: "1", FORCE_COLOR: "1" } });
    await plain.end();
    expect(plain.output).not.toContain("\u001b");
    const coloured = desk.talk({ env: { FORCE_COLOR: "1" } });
    await coloured.end();
    expect(coloured.output).toContain("\u001b[36m");
  });
});

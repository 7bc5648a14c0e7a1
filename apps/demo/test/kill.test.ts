import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DemoProgram, DeskFolder, GATE, YOU } from "./support/demo-program.js";

let desk: DeskFolder;
beforeEach(() => {
  desk = new DeskFolder();
});
afterEach(() => desk.remove());

const REQUEST = "Book the McKittrick Hotel from 12 to 14 March for Ada Lovelace";
const preload = new URL("./support/die-at.mjs", import.meta.url).href;
const dieAt = (moment: string) => ({ preload, env: { HOLDPOINT_TEST_DIE_AT: moment } });

/** What a person does: answers the gate, and asks unless it is booked. Ends when it is, or when the program dies. */
async function bookWith(program: DemoProgram, at: DeskFolder): Promise<"booked" | "died"> {
  try {
    for (;;) {
      const shown = await program.until(/(?:you {2}› |\[i\]gnore › )$/);
      if (GATE.test(shown)) program.send("a");
      else if (at.bookings().length > 0) return "booked";
      else program.send(REQUEST);
    }
  } catch (error) {
    if ((await program.exit).signal === "SIGKILL") return "died";
    throw error;
  }
}

function expectOneBooking(at: DeskFolder): void {
  expect(at.bookings()).toMatchObject([{ booking_id: "HP-1001", hotel_name: "McKittrick Hotel", guest: "Ada Lovelace", status: "booked" }]);
  expect(at.mails()).toEqual(["HP-1001-booked.eml"]);
}

/** Dies at this moment, starts again, and books to the end. */
async function survive(moment: string): Promise<"booked" | "died"> {
  const at = new DeskFolder();
  try {
    const outcome = await bookWith(at.talk(dieAt(moment)), at);
    if (outcome === "died") expect(await bookWith(at.talk(), at)).toBe("booked");
    expectOneBooking(at);
    return outcome;
  } finally {
    await at.remove();
  }
}

describe("kill -9", () => {
  it("at the gate: the next start opens there, and accepting books exactly once", async () => {
    const first = desk.talk();
    await first.until(YOU);
    first.send(REQUEST);
    await first.until(GATE);
    await first.kill();
    expect(desk.bookings()).toEqual([]);

    const second = desk.talk();
    expect(await second.until(GATE)).toMatch(/still waits for you.*McKittrick Hotel.*Ada Lovelace/s);
    second.send("a");
    await second.until(YOU);
    expect((await second.end()).code).toBe(0);
    expectOneBooking(desk);
  });

  it.each([
    ["before book", "the approval is recorded, nothing is done"],
    ["after book", "the booking is in the books, its mail is not sent"],
    ["before send", "the same"],
    ["after send", "everything is done, and nothing of it saved"],
  ])("between approval and completion (%s: %s): goes on by itself, once", async (moment) => {
    expect(await bookWith(desk.talk(dieAt(moment)), desk)).toBe("died");
    const second = desk.talk();
    const shown = await second.until(YOU);
    expect(shown).toMatch(/was not finished\. Going on.*HP-1001 is in the books.*Booked: McKittrick Hotel/s);
    expect(shown).not.toContain("[i]gnore");
    await second.end();
    expectOneBooking(desk);
  });

  // One request, approved: every write of the saver on the way, before and after it was made.
  it("before and after every write of the run: always exactly one booking and one mail", { timeout: 180_000 }, async () => {
    let died = 0;
    for (let write = 1; ; write += 2) {
      const moments = [write, write + 1].flatMap((count) => [`before write ${count}`, `after write ${count}`]);
      const outcomes = await Promise.all(moments.map(survive));
      died += outcomes.filter((outcome) => outcome === "died").length;
      if (outcomes.includes("booked")) break;
    }
    // Fewer would mean that the program no longer saves as it goes, which it does not where the suite runs in the durability mode "exit".
    expect(died).toBeGreaterThan(process.env.HOLDPOINT_TEST_DURABILITY === "exit" ? 5 : 15);
  });
});

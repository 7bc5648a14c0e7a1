import { describe, expect, it } from "vitest";
import { searchHotels } from "../hotel-data.js";
import type { CallOutcome, ToolResult } from "../tools/tool-result.js";
import { planReply } from "./plan-reply.js";
import type { Turn } from "./turn.js";

const today = "2026-11-23";

/** Talks to the model as an agent loop would: a free search is carried out at once. */
function talk(...said: (string | { result: ToolResult } | { answer: string } | { refused: true })[]) {
  const turns: Turn[] = [];
  let plan = planReply(turns, today);
  for (const item of said) {
    turns.push(typeof item === "string" ? { kind: "person", text: item } : { kind: "result", outcome: outcomeOf(item) });
    for (;;) {
      plan = planReply(turns, today);
      turns.push({ kind: "desk", calls: plan.kind === "call" });
      if (plan.kind !== "call" || plan.calls[0]?.name !== "search_hotels") break;
      turns.push({
        kind: "result",
        outcome: { kind: "ran", result: { kind: "hotels", hotels: searchHotels(plan.calls[0].args.query ?? "") } },
      });
    }
  }
  return plan;
}

function outcomeOf(item: { result: ToolResult } | { answer: string } | { refused: true }): CallOutcome {
  if ("result" in item) return { kind: "ran", result: item.result };
  return "answer" in item ? { kind: "answered", words: item.answer } : { kind: "not-run", text: "The user refused this call." };
}

const mcKittrick = { hotel_name: "McKittrick Hotel", check_in: "2027-03-12", check_out: "2027-03-14", guest: "Ada Lovelace" };
const booked: Extract<ToolResult, { kind: "booked" }> = {
  kind: "booked",
  booking: { booking_id: "HP-1001", ...mcKittrick, total: 420, status: "booked" },
};
const call = (args: Record<string, string>) => ({ kind: "call", calls: [{ name: "book_hotel", args }] });

describe("planReply", () => {
  it("books what was said in one sentence", () => {
    expect(talk("Book the McKittrick from 12 to 14 March for Ada Lovelace")).toMatchObject(call(mcKittrick));
  });

  it("looks the hotel up before it books", () => {
    expect(planReply([{ kind: "person", text: "Book the McKittrick from 12 to 14 March for Ada" }], today)).toMatchObject({
      kind: "call",
      calls: [{ name: "search_hotels", args: { query: "McKittrick" } }],
    });
  });

  it("asks back for what is missing, one thing at a time", () => {
    expect(talk("Book me a room")).toMatchObject({ kind: "say", text: expect.stringContaining("Which hotel") });
    expect(talk("Book me a room", "McKittrick")).toMatchObject({ text: expect.stringContaining("From which day") });
    expect(talk("Book me a room", "McKittrick", "12 March")).toMatchObject({ text: expect.stringContaining("how many nights") });
    expect(talk("Book me a room", "McKittrick", "12 March", "2")).toMatchObject({ text: expect.stringContaining("whose name") });
    expect(talk("Book me a room", "McKittrick", "12 March", "2", "Ada Lovelace")).toMatchObject(call(mcKittrick));
    expect(talk("Book me a room", "McKittrick", "12 March", "until 14 March", "ada lovelace")).toMatchObject(call(mcKittrick));
    expect(talk("Book me a room", "McKittrick", "12 March", "14 March", "It's Ada Lovelace.")).toMatchObject(call(mcKittrick));
  });

  it("asks which hotel of a city", () => {
    const which = talk("I need a room in Helsinki from 12 to 14 March for Ada Lovelace");
    expect(which).toMatchObject({ kind: "say", text: expect.stringMatching(/Which of these.*Aurora.*Harbour Lights/s) });
    expect(talk("I need a room in Helsinki from 12 to 14 March for Ada Lovelace", "Harbour Lights")).toMatchObject(
      call({ ...mcKittrick, hotel_name: "Harbour Lights" }),
    );
  });

  it("does not invent hotels or days", () => {
    expect(talk("Book the Ritz from 12 to 14 March for Ada")).toMatchObject({
      kind: "say",
      text: expect.stringContaining("no such hotel"),
    });
    expect(talk("Book the McKittrick from 31 February for two nights for Ada")).toMatchObject({
      text: expect.stringContaining("31 February"),
    });
    expect(talk("Book the McKittrick from 2020-01-01 to 2020-01-02 for Ada")).toMatchObject({ text: expect.stringContaining("is over") });
    expect(talk("Book the McKittrick from 2027-03-14 to 2027-03-12 for Ada")).toMatchObject({
      text: expect.stringContaining("is not after"),
    });
  });

  it("goes from a search to a booking", () => {
    expect(talk("Which hotels are in Lisbon?")).toMatchObject({ kind: "say", text: expect.stringMatching(/Limoeiro.*Miradouro/s) });
    expect(talk("Which hotels are in Lisbon?", "Book Casa do Limoeiro, 12 to 14 March, for Ada Lovelace")).toMatchObject(
      call({ ...mcKittrick, hotel_name: "Casa do Limoeiro" }),
    );
    expect(talk("Which hotels are in Lisbon?", "And in Bath?")).toMatchObject({ kind: "say", text: expect.stringContaining("Old Mill") });
  });

  it("tells the outcome as the tool reported it, not as it was asked for", () => {
    const edited = { ...booked, booking: { ...booked.booking, hotel_name: "Hotel Aurora", guest: "Grace Hopper" } };
    const said = talk("Book the McKittrick from 12 to 14 March for Ada Lovelace", { result: edited });
    expect(said).toMatchObject({ kind: "say", text: expect.stringMatching(/Hotel Aurora.*Grace Hopper.*HP-1001/s) });
    expect(talk("Book the McKittrick from 12 to 14 March for Ada", { result: { kind: "refused", reason: "No room left." } })).toMatchObject(
      {
        text: expect.stringContaining("No room left."),
      },
    );
  });

  it("takes a person's answer at the gate as a change of the wish, and proposes again", () => {
    const plan = talk("Book the McKittrick from 12 to 14 March for Ada Lovelace", { answer: "One night only, please, and from 20 March" });
    expect(plan).toMatchObject(call({ ...mcKittrick, check_in: "2027-03-20", check_out: "2027-03-21" }));
    expect(talk("Book the McKittrick from 12 to 14 March for Ada Lovelace", { answer: "Take the Harbour Lights instead" })).toMatchObject(
      call({ ...mcKittrick, hotel_name: "Harbour Lights" }),
    );
  });

  it("leaves it when a person says no", () => {
    expect(talk("Book the McKittrick from 12 to 14 March for Ada", { answer: "No, far too expensive!" })).toMatchObject({
      kind: "say",
      text: expect.stringContaining("far too expensive"),
    });
  });

  it("ends the wish when a person refuses the call", () => {
    expect(talk("Book the McKittrick from 12 to 14 March for Ada", { refused: true })).toMatchObject({
      kind: "say",
      text: expect.stringContaining("not approved"),
    });
    expect(talk("Book the McKittrick from 12 to 14 March for Ada", { refused: true }, "Book a room")).toMatchObject({
      text: expect.stringContaining("Which hotel"),
    });
  });

  it("cancels by id, several at once, and what was booked last", () => {
    expect(talk("cancel HP-1001 and HP-1002")).toMatchObject({
      kind: "call",
      calls: [
        { name: "cancel_booking", args: { booking_id: "HP-1001" } },
        { name: "cancel_booking", args: { booking_id: "HP-1002" } },
      ],
    });
    expect(talk("Cancel my booking")).toMatchObject({ kind: "say", text: expect.stringContaining("Which booking") });
    expect(talk("Cancel my booking", "HP-1007")).toMatchObject({ calls: [{ args: { booking_id: "HP-1007" } }] });
    expect(talk("Book the McKittrick from 12 to 14 March for Ada", { result: booked }, "Now cancel it")).toMatchObject({
      calls: [{ args: { booking_id: "HP-1001" } }],
    });
  });

  it("starts anew after a booking", () => {
    const plan = talk("Book the McKittrick from 12 to 14 March for Ada", { result: booked }, "Book the Old Mill tomorrow night");
    expect(plan).toMatchObject({ kind: "say", text: expect.stringContaining("whose name") });
  });

  it("drops a wish when asked to", () => {
    expect(talk("Book the McKittrick", "never mind")).toMatchObject({ kind: "say", text: expect.stringContaining("leave it") });
    expect(talk("Book the McKittrick", "never mind", "Book a room for Ada")).toMatchObject({
      text: expect.stringContaining("Which hotel"),
    });
  });
});

import type { CheckpointSaver } from "@holdpoint/checkpoint";
import { addHumanInTheLoop, createReactAgent } from "@holdpoint/prebuilt";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { systemPrompt } from "./system-prompt.js";
import { bookHotelTool } from "./tools/book-hotel.js";
import { cancelBookingTool } from "./tools/cancel-booking.js";
import type { HotelBooks } from "./tools/hotel-books.js";
import { searchHotelsTool } from "./tools/search-hotels.js";

const EVERYTHING = { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true };

/** Makes the agent: looking is free, booking and cancelling stop for a person. */
export const createDeskAgent = (model: BaseChatModel, books: HotelBooks, checkpointer: CheckpointSaver) =>
  createReactAgent({
    name: "hotel-desk",
    model,
    tools: [
      searchHotelsTool,
      addHumanInTheLoop(bookHotelTool(books), { interruptConfig: EVERYTHING, description: "Books a room, and sends the guest a mail." }),
      addHumanInTheLoop(cancelBookingTool(books), {
        interruptConfig: EVERYTHING,
        description: "Cancels a booking, and sends the guest a mail.",
      }),
    ],
    prompt: systemPrompt(books.today()),
    checkpointer,
  });

export type DeskAgent = ReturnType<typeof createDeskAgent>;

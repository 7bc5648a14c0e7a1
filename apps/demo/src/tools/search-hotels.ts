import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { searchHotels } from "../hotel-data.js";
import { writeResult } from "./tool-result.js";

/** Looks, changes nothing, and so needs nobody's approval. */
export const searchHotelsTool = tool(async ({ query }: { query: string }) => writeResult({ kind: "hotels", hotels: searchHotels(query) }), {
  name: "search_hotels",
  description: "Finds hotels by words of their name or city. An empty query lists all of them. Prices are euros a night.",
  schema: z.object({ query: z.string().default("").describe("Words of the hotel's name or of the city") }),
});

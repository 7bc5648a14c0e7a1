import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/**
 * A folder of mails that were sent, one file each.
 *
 * A mail is named by what it tells ("HP-1001-booked"), so that telling it again sends nothing.
 */
export class Outbox {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Sends the mail, unless one of this name was sent before. */
  send(name: string, mail: Mail): void {
    const path = join(this.folder, `${name}.eml`);
    if (existsSync(path)) return;
    // Whole or not at all: a crash in the middle leaves no half mail that looks sent.
    const draft = join(this.folder, `.${name}.${process.pid}.draft`);
    writeFileSync(draft, format(mail));
    renameSync(draft, path);
  }

  /** File names of the mails that were sent, in order of their names. */
  sent(): string[] {
    return readdirSync(this.folder)
      .filter((file) => file.endsWith(".eml"))
      .sort();
  }

  /** Removes drafts that a killed process left behind. */
  tidy(): void {
    for (const file of readdirSync(this.folder)) if (file.endsWith(".draft")) rmSync(join(this.folder, file), { force: true });
  }
}

/** A header is one line, whatever a guest's name holds. */
const header = (text: string): string => text.replace(/[\r\n]+/g, " ");

const format = ({ to, subject, body }: Mail): string =>
  [
    "From: Hotel desk <desk@holdpoint.example>",
    `To: ${header(to)}`,
    `Subject: ${header(subject)}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    body,
    "",
  ].join("\r\n");

// What a new owner does, from the address that the server printed to the transcript of a booked test call.

const YES = /shall i book|is that right|correct\?|would you like (me to book|that)|book it\?/i;
const ANSWERS = [
  [YES, "Yes, please."],
  [/your name|who am i|under what name|name, please/i, "Anna Kovacs"],
  [/number/i, "212 555 0187"],
  [/which one/i, "The first one, please."],
  [/which service|what (can|would|kind)|how can i help|what is it/i, "A haircut, please."],
  [/anything else/i, "No, that's all, thank you. Goodbye."],
  [/when|what day|which day|what time|suit/i, "The first one, please."],
];

export async function setUp(page, setup, picture = async () => {}) {
  await page.goto(setup);
  await picture("setup");
  await page.fill("#name", "Maria Lopez");
  await page.fill("#email", "maria@example.com");
  await page.fill("#password", "quiet harbour nineteen lamps");
  const business = page.locator('[name="business"], [name="business_name"]');
  if (await business.count()) await business.first().fill("Juniper Hair");
  const zone = page.locator('[name="zone"]');
  if (await zone.count()) await zone.fill("America/New_York");
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL(/\/b\/[0-9a-f-]+/);
  return new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
}

// Each step of the guided path as it comes, with what it proposes.
export async function guidedPath(page, root, picture = async () => {}) {
  await page.goto(new URL(`${root}/settings/start`, page.url()).href);
  await picture("start");
  await page.locator("a.button", { hasText: /start|go on/i }).first().click();
  const seen = [];
  for (let n = 0; n < 20; n++) {
    await page.waitForURL(/\/settings\/start/);
    const step = new URL(page.url()).pathname.split("/").pop();
    if (step === "start" || step === "call") return [...seen, step];
    if (seen.at(-1) === step) throw new Error(`step ${step} does not go on: ${await page.locator("main").innerText()}`);
    seen.push(step);
    if (step === "trade" && !page.url().includes("trade=")) await page.locator('.trades a[href*="trade=hair"]').click();
    if (step === "staff") await nameStaff(page);
    await picture(`start-${step}`);
    const save = page.locator(".path-end button[type=submit]").first();
    const skip = page.locator('.path-end button[value="skip"]');
    await (step === "number" ? skip : save).click();
  }
  throw new Error(`the path has no end: ${seen}`);
}

async function nameStaff(page) {
  const names = page.locator('main input[name="name"]');
  for (const [n, name] of ["Maria", "James", "Noor"].entries()) {
    if (n < (await names.count())) await names.nth(n).fill(name);
  }
}

// Talks with the receptionist until something is booked.
export async function testCall(page, root) {
  await page.goto(new URL(`${root}/try`, page.url()).href);
  await page.locator(".call-button").click();
  const agent = page.locator("#transcript .agent, #transcript [data-speaker=agent]");
  await agent.first().waitFor();
  let heard = 0;
  const said = [];
  await settled(page);
  await say(page, "Hi, this is Anna Kovacs, I'd like a haircut tomorrow afternoon, please.");
  for (let n = 0; n < 12; n++) {
    heard = await settled(page, heard);
    const text = (await page.locator("#transcript").innerText()).trim();
    const last = text.split("Deskbell:").at(-1).trim();
    said.push(last);
    if (/you're booked|you are booked/i.test(text)) return text;
    const [, answer] = ANSWERS.find(([question]) => question.test(last)) ?? [null, "The first one, please."];
    await say(page, answer);
  }
  throw new Error(`nothing was booked:\n${said.join("\n")}`);
}

async function say(page, words) {
  await page.fill("#say", words);
  await page.press("#say", "Enter");
}

// The transcript has grown and stands still.
async function settled(page, before = 0) {
  let last = -1;
  for (let n = 0; n < 100; n++) {
    await new Promise((later) => setTimeout(later, 120));
    const length = (await page.locator("#transcript").innerText()).length;
    if (length > before && length === last) return length;
    last = length;
  }
  return last;
}

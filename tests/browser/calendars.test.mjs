// An owner's calendars, from the consent page to what stands in them, with the vendors of the sandbox, where this is their
// owner, too.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LOOKS, accessibility, launch, picture, sticksOut, watched } from "./browser.mjs";
import { setUp } from "./journey.mjs";
import { startSandbox } from "./server.mjs";

let server, browser, context, page, complaints, root;

before(async () => {
  server = await startSandbox();
  browser = await launch();
  context = await browser.newContext(LOOKS.wide);
  ({ page, complaints } = await watched(context));
  root = await setUp(page, server.setup);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// Every link that leads to a vendor's consent page.
async function consentPages() {
  await page.goto(`${server.origin}${root}/settings/integrations`);
  const links = await page.locator('.offers a[href*="/connect/"]').evaluateAll((links) => links.map((link) => link.href));
  const found = [];
  for (const link of links) {
    await page.goto(link);
    if (!page.url().startsWith(server.origin)) found.push(link);
  }
  return found;
}

async function look(path, name) {
  const wrong = [];
  for (const [look, options] of Object.entries(LOOKS)) {
    const other = await browser.newContext(options);
    await other.addCookies(await context.cookies());
    const seen = await watched(other);
    await seen.page.goto(path);
    await picture(seen.page, `calendars-${name}-${look}`);
    if (await sticksOut(seen.page)) wrong.push(`${look} ${name}: wider than the window`);
    wrong.push(...(await accessibility(seen.page)).map((line) => `${look} ${line}`), ...seen.complaints);
    await other.close();
  }
  assert.deepEqual(wrong, []);
}

test("whoever says no over there comes back to a page that says so", { timeout: 60_000 }, async () => {
  const [first] = await consentPages();
  await page.goto(first);
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByRole("heading", { name: "You did not connect it" }).waitFor();
  await page.getByRole("link", { name: /Try again/ }).waitFor();
  // The way back is used up, so it is looked at where it stands.
  await picture(page, "calendars-declined-wide");
  assert.deepEqual(await accessibility(page), []);
});

test("every vendor with a consent page is connected, chosen from, tried and left again", { timeout: 300_000 }, async () => {
  const links = await consentPages();
  assert.ok(links.length > 0, "somebody can be connected");
  for (const link of links) {
    const vendor = link.split("/").pop();
    await page.goto(`${server.origin}${root}/settings/integrations`);
    await page.locator(`.offers a[href$="/connect/${vendor}"]`).click();
    await picture(page, `calendars-${vendor}-consent`);
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(/\/settings\/connections\//);
    const one = page.url();
    await look(one, `${vendor}-choosing`);
    await page.getByRole("button", { name: "Save and begin" }).click();
    await page.getByRole("status").getByText(/^Saved/).waitFor();
    await page.getByText("Works", { exact: true }).waitFor();
    await look(one, `${vendor}-active`);
    await page.getByRole("link", { name: "Ask for next Tuesday" }).click();
    await page.getByText(/It took \d/).first().waitFor();
    await page.getByText(/busy|free to begin/i).first().waitFor();
    await look(page.url(), `${vendor}-tried`);
  }
  await look(`${server.origin}${root}/settings/integrations`, "connected");
  for (const link of links) {
    await page.goto(`${server.origin}${root}/settings/integrations`);
    await page.locator(".account h3 a").first().click();
    await page.getByRole("link", { name: "Disconnect" }).click();
    if (link === links[0]) await look(page.url(), "leaving");
    await page.getByRole("button", { name: /^Disconnect/ }).click();
    await page.getByRole("status").getByText(/is disconnected/).waitFor();
  }
  await page.getByText("Deskbell’s own calendar decides.").waitFor();
  // The vendors' own pages have no icon; what stands on ours is what counts.
  assert.deepEqual(complaints.filter((line) => line.startsWith(server.origin)), []);
});

test("the calendars of one account are given to members, without script", { timeout: 120_000 }, async () => {
  await page.goto(`${server.origin}${root}/settings/integrations`);
  await page.locator('.offers a[href$="/connect/google_calendar"]').click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/settings\/connections\//);
  const one = page.url();
  const plain = await browser.newContext({ ...LOOKS.phone, javaScriptEnabled: false });
  await plain.addCookies(await context.cookies());
  const bare = await plain.newPage();
  await bare.goto(one);
  const chosen = (name) => bare.locator("select").and(bare.getByLabel(name, { exact: true })).evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.selectedOptions[0].text));
  // Calendars that are called like somebody are proposed as theirs.
  assert.deepEqual(await chosen("Maria"), ["Maria", "Maria"]);
  // Somebody's own account is as simple as ever.
  await bare.getByLabel("Whose is it?").selectOption({ label: "James" });
  assert.deepEqual(await chosen("Maria"), []);
  await bare.getByRole("group", { name: "Busy there is busy here" }).waitFor();
  await bare.getByLabel("Whose is it?").selectOption({ label: "The whole business" });
  await bare.getByRole("group", { name: "Busy there is busy here" }).waitFor({ state: "hidden" });
  await bare.getByRole("button", { name: "Save and begin" }).click();
  await bare.getByText("Works", { exact: true }).waitFor();
  await plain.close();
  await look(one, "team");
  await page.goto(`${server.origin}${root}/settings/integrations`);
  await page.getByText(/others that keep only Maria and James busy/).waitFor();
  await look(page.url(), "team-connected");
  await page.goto(`${one}/disconnect`);
  await page.getByRole("button", { name: /^Disconnect/ }).click();
  await page.getByRole("status").getByText(/is disconnected/).waitFor();
});

// The sandbox's page of a vendor.
async function over(vendor) {
  await page.goto(`${server.sandbox}${vendor}`);
}

// The line of an appointment that Deskbell has written over there, as soon as it stands.
async function written(vendor, name) {
  const line = page.locator("tr", { hasText: name });
  for (let n = 0; n < 60; n++) {
    await over(vendor);
    if (await line.count()) return line;
    await new Promise((later) => setTimeout(later, 250));
  }
  throw new Error(`${name} was not written at ${vendor}`);
}

async function integrations() {
  await page.goto(`${server.origin}${root}/settings/integrations`);
}

// As the sandbox says how: connected by what is typed, and by that with another password first.
async function connectsCalDav() {
  await over("caldav");
  const typed = Object.fromEntries(await page.locator("dl dt").evaluateAll((names) => names.map((name) => [name.innerText, name.nextElementSibling.innerText])));
  await integrations();
  await page.locator('.offers a[href$="/connect/caldav"]').click();
  const form = page.url();
  await look(form, "key");
  const enter = async (server, password) => {
    await page.goto(form);
    await page.fill("#server", server);
    await page.fill("#user", typed.Name);
    await page.fill("#key", password);
    await page.getByRole("button", { name: /^Connect/ }).click();
  };
  await enter("https://192.168.1.4/", "x");
  await page.getByText(/leads into a private network/).waitFor();
  await enter(typed.Address, "not this one");
  await page.getByText(/does not accept this name with this app password/).waitFor();
  assert.deepEqual(await accessibility(page), []);
  assert.equal(await page.inputValue("#key"), "", "no page shows it again");
  await enter(typed.Address, typed["App password"]);
  await page.getByRole("button", { name: "Save and begin" }).click();
  await page.getByRole("status").getByText(/^Saved/).waitFor();
  return { one: page.url(), password: typed["App password"] };
}

test("what is done over there can be taken back here, and who is locked out is let in again", { timeout: 240_000 }, async () => {
  await integrations();
  await page.locator('.offers a[href$="/connect/google_calendar"]').click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByRole("button", { name: "Save and begin" }).click();
  await page.getByRole("status").getByText(/^Saved/).waitFor();
  const business = `/businesses/${root.split("/").pop()}`;
  const [service] = (await server.api("GET", business)).services;
  const { items } = await server.api("GET", `${business}/slots?service=${service.id}`);
  const { starts, staff } = items.at(-1);
  const { id } = await server.api("POST", `${business}/bookings`, { service: service.id, staff: staff.id, starts, name: "Anna Kovacs" });
  await written("google", "Anna Kovacs");
  await page.goto(`${server.origin}${root}/bookings/${id}`);
  await page.locator("dd", { hasText: "Google Calendar" }).waitFor();
  const line = await written("google", "Anna Kovacs");
  await line.getByRole("button", { name: /^Delete/ }).click();
  await page.locator("tr", { hasText: "Anna Kovacs" }).waitFor({ state: "detached" });

  // It is noticed within a minute; there is something else to do until then.
  const { one, password } = await connectsCalDav();
  await over("caldav");
  await page.getByRole("button", { name: "Take access back" }).click();
  await page.goto(one);
  await page.getByText(/does not let Deskbell in any more/).first().waitFor();
  await look(one, "locked-out");
  await over("caldav");
  await page.getByRole("button", { name: "Be well again" }).click();
  await page.goto(one);
  await page.getByRole("link", { name: "Connect again" }).click();
  await page.fill("#key", password);
  await page.getByRole("button", { name: "Connect again" }).click();
  await page.getByRole("status").getByText(/works as before/).waitFor();
  assert.equal(page.url(), one, "it is the same one");

  const today = `${server.origin}${root}`;
  const undo = page.getByRole("button", { name: /^Undo\s*: Anna Kovacs/ });
  for (let n = 0; n < 120 && !(await undo.count()); n++) {
    await new Promise((later) => setTimeout(later, 1000));
    await page.goto(today);
  }
  await look(today, "wishes");
  await undo.click();
  await page.getByRole("status").getByText(/^Taken back/).waitFor();
  await written("google", "Anna Kovacs");
  await integrations();
  await page.getByRole("button", { name: /^Switch to Deskbell/ }).waitFor();
  assert.deepEqual(complaints.filter((line) => line.startsWith(server.origin) && !line.includes("422")), []);
});

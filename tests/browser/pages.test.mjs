// The owner's and the customers' pages, in a real browser, on the real program.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LOOKS, accessibility, launch, picture, sticksOut, watched } from "./browser.mjs";
import { guidedPath, setUp, testCall } from "./journey.mjs";
import { start } from "./server.mjs";

let server, browser, owner, root, complaints;
// What is no page, or never ends.
const skipped = /\/(sign-out|events|export)|\.(csv|ics|json)(\?|$)|^\/(docs|api|assets)|\/live$/;

before(async () => {
  server = await start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a new owner gets from the setup address to a booked test call and back to its transcript", { timeout: 120_000 }, async () => {
  const context = await browser.newContext(LOOKS.wide);
  const page = await watched(context);
  owner = context;
  complaints = page.complaints;
  root = await setUp(page.page, server.setup, (name) => picture(page.page, `wide-${name}`));
  const steps = await guidedPath(page.page, root, (name) => picture(page.page, `wide-${name}`));
  assert.ok(steps.includes("hours") && steps.includes("services") && steps.at(-1) === "call", steps.join(" "));
  await testCall(page.page, root);
  await picture(page.page, "wide-trial-booked");
  await page.page.goto(`${server.origin}${root}/calls`);
  await page.page.locator(`a[href*="${root}/calls/"]`).first().click();
  await page.page.getByText("this is Anna Kovacs").first().waitFor();
  await picture(page.page, "wide-transcript");
  await page.page.goto(`${server.origin}${root}/calendar?view=day&on=${tomorrow()}`);
  await page.page.getByText("Anna Kovacs").first().waitFor();
  assert.deepEqual(complaints, []);
});

// In New York, where the test's business is.
function tomorrow() {
  const day = new Date(Date.now() + 24 * 3600_000);
  return new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York", dateStyle: "short" }).format(day);
}

test("every page is accessible, fits its window and breaks no rule, wide, on a phone and in the dark", { timeout: 600_000 }, async () => {
  const cookies = await owner.cookies();
  await openTheBookingPage();
  const paths = await reachable();
  assert.ok(paths.length > 25, paths.join("\n"));
  const wrong = [];
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext(options);
    await context.addCookies(cookies);
    const { page, complaints } = await watched(context);
    for (const path of paths) {
      const answer = await page.goto(server.origin + path);
      if (answer.status() !== 200) wrong.push(`${look} ${path}: ${answer.status()}`);
      await page.waitForLoadState("load");
      await picture(page, `${look}-${nameOf(path)}`);
      if (await sticksOut(page)) wrong.push(`${look} ${path}: wider than the window`);
      wrong.push(...(await accessibility(page)).map((line) => `${look} ${line}`));
    }
    wrong.push(...complaints.map((line) => `${look} ${line}`));
    await context.close();
  }
  assert.deepEqual(wrong, []);
});

// It is off until the owner switches it on.
async function openTheBookingPage() {
  const page = await owner.newPage();
  await page.goto(`${server.origin}${root}/settings/business`);
  await page.check("#public_page");
  await page.locator("main form:has(#public_page) button[type=submit]").last().click();
  await page.getByRole("status").first().waitFor();
  await page.close();
}

// One path of each kind that links lead to, from the first page on.
async function reachable() {
  const context = await browser.newContext(LOOKS.wide);
  await context.addCookies(await owner.cookies());
  const page = await context.newPage();
  const found = new Map();
  const queue = [root, "/account", "/businesses", `/book/${root.split("/").pop()}`];
  while (queue.length) {
    const path = queue.shift();
    if (found.has(kindOf(path)) || skipped.test(path)) continue;
    const answer = await page.goto(server.origin + path);
    found.set(kindOf(path), path);
    if (answer.status() !== 200) continue;
    const links = await page.locator("a[href]").evaluateAll((links) => links.map((link) => link.href));
    queue.push(...links.filter((link) => link.startsWith(server.origin)).map((link) => link.slice(server.origin.length).replace(/#.*/, "")));
  }
  await context.close();
  return [...found.values(), "/sign-in", "/forgotten"].filter((path) => path !== "/");
}

// Ids and dates look alike; which query it is does not matter, only what is asked for.
function kindOf(path) {
  const [place, query = ""] = path.split("?");
  const keys = [...new URLSearchParams(query)].map(([key, value]) => (key === "view" ? `${key}=${value}` : key));
  return place.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}") + (keys.length ? `?${keys.sort().join("&")}` : "");
}

function nameOf(path) {
  return kindOf(path).replace(/[^a-z]+/gi, "-").replace(/^-|-$/g, "").slice(0, 60);
}

// T33 of the threat catalogue: what strangers say is shown, and never run.
test("t33 nothing that a caller is called becomes script", { timeout: 300_000 }, async () => {
  const business = root.split("/").pop();
  const services = await server.api("GET", `/businesses/${business}/services`);
  const names = payloads();
  assert.ok(names.length >= 200);
  // From the night before a Tuesday on, so that it is the same week whenever this runs.
  const tuesday = new Date(Date.now() + 2 * 24 * 3600_000);
  tuesday.setUTCDate(tuesday.getUTCDate() + ((9 - tuesday.getUTCDay()) % 7));
  tuesday.setUTCHours(5, 0, 0, 0);
  const from = tuesday.toISOString();
  let booked = 0;
  for (let week = 0; week < 8 && booked < names.length; week++) {
    const begin = new Date(Date.parse(from) + week * 7 * 24 * 3600_000);
    const end = new Date(begin.getTime() + 7 * 24 * 3600_000);
    const query = `service=${services[0].id}&from=${begin.toISOString()}&to=${end.toISOString()}&limit=200`;
    const { items: slots } = await server.api("GET", `/businesses/${business}/slots?${query}`);
    for (const { starts_at, start, starts } of slots.slice(0, 40)) {
      if (booked >= names.length) break;
      const body = { service: services[0].id, starts: starts ?? starts_at ?? start, name: names[booked], phone: phone(booked) };
      try {
        await server.api("POST", `/businesses/${business}/bookings`, body);
        booked++;
      } catch (error) {
        if (!/409|taken/.test(error.message)) throw error;
      }
    }
  }
  assert.equal(booked, names.length, `${booked} booked`);
  const context = await browser.newContext(LOOKS.wide);
  await context.addCookies(await owner.cookies());
  const { page, complaints } = await watched(context);
  const pages = [root, `${root}/customers`, `${root}/calls`, `${root}/messages`, `${root}/insights`, `${root}/audit`, `${root}/data`];
  for (let week = 0; week < 8; week++) {
    const on = new Date(Date.parse(from) + week * 7 * 24 * 3600_000).toISOString().slice(0, 10);
    pages.push(`${root}/calendar?view=week&on=${on}`, `${root}/calendar?view=day&on=${on}`);
  }
  let looked = 0;
  for (const path of pages) {
    await page.goto(server.origin + path);
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined, path);
    const links = await page.locator("a[href]").evaluateAll((links) => links.map((link) => link.href));
    const about = links.filter((link) => /\/(bookings|customers)\/[0-9a-f-]{36}$/.test(link));
    for (const link of about.slice(0, 12)) {
      await page.goto(link);
      assert.equal(await page.evaluate(() => globalThis.pwned), undefined, link);
      looked++;
    }
  }
  assert.ok(looked >= 100, `${looked} appointments and customers were looked at`);
  assert.deepEqual(complaints, []);
  await context.close();
});

function phone(n) {
  return `+1415555${String(2000 + n).padStart(4, "0")}`;
}

// 200 of the ways to get script past a template, each of which would set `pwned` or open a dialog.
function payloads() {
  const calls = ["alert(1)", "pwned=1", "top.pwned=1", "prompt(1)"];
  const shapes = [
    (js) => `<script>${js}</script>`,
    (js) => `"><script>${js}</script>`,
    (js) => `'><img src=x onerror=${js}>`,
    (js) => `<img src=x onerror="${js}">`,
    (js) => `<svg onload=${js}>`,
    (js) => `<svg><script>${js}</script>`,
    (js) => `" onmouseover=${js} x="`,
    (js) => `' autofocus onfocus=${js} '`,
    (js) => `<body onload=${js}>`,
    (js) => `<iframe src="javascript:${js}">`,
    (js) => `<a href="javascript:${js}">x</a>`,
    (js) => `javascript:${js}`,
    (js) => `{{constructor.constructor('${js}')()}}`,
    (js) => `\${${js}}`,
    (js) => `</title><script>${js}</script>`,
    (js) => `</textarea><script>${js}</script>`,
    (js) => `<details open ontoggle=${js}>`,
    (js) => `<input autofocus onfocus=${js}>`,
    (js) => `<video src=x onerror=${js}>`,
    (js) => `<math><mi xlink:href="javascript:${js}">`,
    (js) => `<template><script>${js}</script>`,
    (js) => `<object data="javascript:${js}">`,
    (js) => `<embed src="javascript:${js}">`,
    (js) => `<base href="javascript:${js}//">`,
    (js) => `<div hx-on:load="${js}" hx-get="/x" hx-trigger="load">`,
    (js) => `<div hx-get="/x" hx-vals='js:{x:${js}}' hx-trigger=load>`,
    (js) => `<b style="width:expression(${js})">`,
    (js) => `<link rel=stylesheet href="javascript:${js}">`,
    (js) => `<meta http-equiv=refresh content="0;javascript:${js}">`,
    (js) => `%3Cscript%3E${js}%3C/script%3E`,
    (js) => `&lt;script&gt;${js}&lt;/script&gt;`,
    (js) => `\\u003cscript\\u003e${js}`,
    (js) => `<ScRiPt>${js}</sCrIpT>`,
    (js) => `<<script>${js}//<</script>`,
    (js) => `<script/src=data:,${js}>`,
    (js) => `<img src=\`x\` onerror=${js}>`,
    (js) => `<x onclick=${js} tabindex=1 id=x>`,
    (js) => `<form action="javascript:${js}"><button>`,
    (js) => `<button formaction="javascript:${js}">`,
    (js) => `<svg><animate onbegin=${js} attributeName=x dur=1s>`,
    (js) => `<svg><a xlink:href="javascript:${js}">`,
    (js) => `<marquee onstart=${js}>`,
    (js) => `<audio src onloadstart=${js}>`,
    (js) => `<select autofocus onfocus=${js}>`,
    (js) => `<keygen autofocus onfocus=${js}>`,
    (js) => `--><script>${js}</script>`,
    (js) => `]]><script>${js}</script>`,
    (js) => `<noscript><p title="</noscript><script>${js}</script>">`,
    (js) => `<style>@import 'javascript:${js}';</style>`,
    (js) => `';${js};//`,
    (js) => `";${js};//`,
  ];
  return shapes.flatMap((shape) => calls.map((js) => shape(js).slice(0, 60)));
}

// Checks the vectors with libraries that know nothing of this program: cbor2 for the encoding, @auth0/cose (which verifies
// by node's crypto) for the signature. Prints TAP. usage: node check.mjs DIR
//
// Good vectors: the body passes cbor2's reader of deterministic CBOR and is written back to the same bytes; the entry, read
// as a COSE_Sign1, verifies with the external data of its place, also detached, and not without it; the id is the SHA-256
// of the Sig_structure put together here.
//
// Bad vectors: what the libraries must refuse is refused. Each reason, and within some reasons each vector, that they
// cannot be expected to refuse is named below with why; whether they do is told in a comment and counts for nothing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Sign1 } from "@auth0/cose";
import { decode, encode } from "cbor2";
import { sortCoreDeterministic } from "cbor2/sorts";

const STRICT = {
  cde: true,
  maxDepth: 20, // it counts the levels of arrays and of maps in different ways; ours are not tested here
  preferMap: true,
  rejectBigInts: true,
  rejectDuplicateKeys: true,
  rejectFloats: true,
  rejectLargeNegatives: true,
  rejectSimple: true,
  rejectStreaming: true,
  rejectUndefined: true,
  requirePreferred: true,
  sortKeys: sortCoreDeterministic,
};

const NOT_OF_CBOR = "RFC 8949 allows it; the format narrows it";
const NOT_OF_COSE = "RFC 9052 allows it, or the library is kinder than it says";
const NOT_OF_BODY = "no library knows what a body is";
const SMALL_ORDER = "RFC 8032 does not ask for it, and OpenSSL does not look";

// Reasons that the libraries are not expected to see.
const UNSEEN_REASONS = {
  "too-long": NOT_OF_CBOR,
  control: NOT_OF_CBOR,
  depth: NOT_OF_CBOR,
  "key-type": NOT_OF_CBOR,
  "body-form": NOT_OF_BODY,
  "body-kind": NOT_OF_BODY,
  "body-time": NOT_OF_BODY,
  "body-part": NOT_OF_BODY,
  "cose-form": NOT_OF_COSE,
  "sig-key": SMALL_ORDER,
  "sig-r": SMALL_ORDER,
};

// Single vectors, by title, of reasons that they do see otherwise: tags that they know, integers that 64 bits hold.
const UNSEEN = {
  "a date by tag 1": NOT_OF_CBOR,
  "a decimal fraction by tag 4": NOT_OF_CBOR,
  "2^63": NOT_OF_CBOR,
  "2^64-1": NOT_OF_CBOR,
};

// And vectors of an unseen reason that they must refuse all the same.
const SEEN = new Set([
  "tag 17, that of a message with a code",
  "tag 98, that of many signers",
  "an array of three",
  "no protected header",
  "an empty protected header",
  "a protected header that says ES256",
  "a protected header in a longer form",
  "a protected header with a key id",
  "the algorithm in the unprotected header",
  "a byte behind",
  "a detached body",
  "a body that is no byte string",
  "a signature of 63 bytes",
  "a signature of 65 bytes",
  "a body that claims 2^64-1 bytes",
  "the tag alone",
  "the key is no point, y = 2",
  "a signature of zeros",
]);

let count = 0;
let failures = 0;

function line(good, title, note) {
  count += 1;
  failures += good ? 0 : 1;
  process.stdout.write(`${good ? "ok" : "not ok"} ${count} - ${title}\n${note ? `# ${note}\n` : ""}`);
}

function bytes(hex) {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hex(data) {
  return Buffer.from(data).toString("hex");
}

function read(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({ name: name.slice(0, -5), ...JSON.parse(readFileSync(join(folder, name), "utf8")) }));
}

function externalData(vector) {
  return encode(
    ["warifu-entry-1", bytes(vector.tally), bytes(vector.key), BigInt(vector.seq), bytes(vector.prev)],
    { cde: true, collapseBigInts: true },
  );
}

function publicKey(vector) {
  return crypto.subtle.importKey("raw", bytes(vector.key), "Ed25519", true, ["verify"]);
}

// The body by cbor2, and again from its value.
function checkEncoding(body) {
  const value = decode(body, STRICT);
  assert.equal(hex(encode(value, { cde: true, collapseBigInts: true, sortKeys: sortCoreDeterministic })), hex(body));
}

async function checkSignature(vector) {
  const sign1 = Sign1.decode(bytes(vector.cose));
  const key = await publicKey(vector);
  const externalAAD = externalData(vector);
  await sign1.verify(key, { externalAAD });
  return { sign1, key, externalAAD };
}

async function checkGood(vector) {
  const { sign1, key, externalAAD } = await checkSignature(vector);
  const body = new Uint8Array(sign1.payload);
  assert.equal(sign1.alg, -8, "the algorithm is EdDSA");
  assert.ok(vector.body === undefined || hex(body) === vector.body, "the body is that of the file");
  checkEncoding(body);
  await assert.rejects(sign1.verify(key, {}), "it does not verify without external data");
  const structure = encode(["Signature1", bytes("a10127"), externalAAD, body], { cde: true });
  assert.equal(createHash("sha256").update(structure).digest("hex"), vector.id, "the id");
}

// What one of the libraries says against it, used as a reader would use them; null when they take it.
async function refusalOf(vector) {
  try {
    const { sign1 } = await checkSignature(vector);
    checkEncoding(new Uint8Array(sign1.payload));
    return null;
  } catch (error) {
    return error.message.split("\n")[0];
  }
}

async function good(vector) {
  try {
    await checkGood(vector);
    line(true, `${vector.name}: others read it too`);
  } catch (error) {
    line(false, `${vector.name}: others read it too`, error.message.split("\n")[0]);
  }
}

async function bad(vector) {
  const refusal = await refusalOf(vector);
  const why = UNSEEN[vector.title] ?? (SEEN.has(vector.title) ? undefined : UNSEEN_REASONS[vector.reason]);
  if (why === undefined) {
    line(refusal !== null, `${vector.name}: others refuse it too, here for ${vector.reason}`, refusal);
  } else {
    const outcome = refusal === null ? `taken: ${why}` : `refused all the same: ${refusal.slice(0, 80)}`;
    process.stdout.write(`# ${vector.name}: ${outcome}\n`);
  }
}

const [, , folder] = process.argv;
const badVectors = read(join(folder, "bad"));
for (const vector of read(join(folder, "good"))) {
  await good(vector);
}
for (const vector of badVectors) {
  await bad(vector);
}
const titles = new Set(badVectors.map((vector) => vector.title));
const strays = [...Object.keys(UNSEEN), ...SEEN].filter((title) => !titles.has(title));
line(strays.length === 0, "every vector that is named here is there", strays.join("; "));
process.stdout.write(`1..${count}\n`);
process.exitCode = failures > 0 ? 1 : 0;

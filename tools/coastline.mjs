#!/usr/bin/env node
// The world's coastline for the maps on the pages (src/core/coast.h): the public-domain land of the npm package world-atlas, thinned and packed.
// `tools/coastline.mjs` writes it to stdout, the same bytes each time; the Makefile keeps it below build/ and the program takes it in.
//
// One ring after another: the count of its corners, then for each corner longitude and latitude in hundredths of a degree, as the difference
// from the corner before (that of the first from 0, 0). A ring closes by itself, and may go beyond 180 degrees. Counts are LEB128; differences too, with the sign in the
// lowest bit. Seas inside land are rings as well: what lies inside an odd number of rings is land.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ATLAS = 'land-50m.json'; // never the countries of the same package: they draw borders that are in dispute
const UNITS = 100; // of a degree
const TOLERANCE = 0.04; // degrees that the thinned coast may lie off: 4 km, three pixels of the closest map
const MOST_BYTES = 60000, MOST_CORNERS = 5120; // of all, of one ring: what the program has room for

function missing(reason) {
	process.stderr.write(`coastline: ${reason}; 'tools/install-deps build' installs node and the npm packages of the build, ` +
		'or name a coastline.bin made on another machine: make COASTLINE=FILE\n');
	process.exit(1);
}

function packages() {
	const require = createRequire(import.meta.url);
	try {
		return { topojson: require('topojson-client'), world: JSON.parse(readFileSync(require.resolve(`world-atlas/${ATLAS}`), 'utf8')) };
	} catch (failure) {
		return missing(`npm packages world-atlas and topojson-client cannot be read (${failure.code ?? failure.message})`);
	}
}

function rings({ topojson, world }) {
	const land = topojson.feature(world, world.objects.land), features = land.features ?? [land];
	return features.flatMap(({ geometry }) => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).flat());
}

// The package's rings go over the line of 180 degrees as on a globe, and once around the pole. Here they go on beyond 180 degrees, and what goes around
// the pole is closed along it.
function unwound(ring) {
	let turn = 0;
	const corners = ring.map(([x, y], i) => {
		const step = i === 0 ? 0 : x - ring[i - 1][0];
		turn += step > 180 ? -360 : step < -180 ? 360 : 0;
		return [x + turn, y];
	});
	const pole = corners[0][1] < 0 ? -90 : 90;
	return turn === 0 ? corners : [...corners, [corners.at(-1)[0], pole], [corners[0][0], pole], corners[0]];
}

function squaredDistance([x, y], [ax, ay], [bx, by]) {
	const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
	const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
	const offX = x - ax - along * dx, offY = y - ay - along * dy;
	return offX * offX + offY * offY;
}

// Corners whose absence would move the line by more than the tolerance, and both ends.
function thinned(ring) {
	const keep = new Set([0, ring.length - 1]), open = [[0, ring.length - 1]];
	while (open.length > 0) {
		const [from, to] = open.pop();
		let most = TOLERANCE * TOLERANCE, at = -1;
		for (let i = from + 1; i < to; i++) {
			const distance = squaredDistance(ring[i], ring[from], ring[to]);
			if (distance > most) {
				[most, at] = [distance, i];
			}
		}
		if (at >= 0) {
			keep.add(at);
			open.push([from, at], [at, to]);
		}
	}
	return ring.filter((_, i) => keep.has(i));
}

// Whole units, no corner twice in a row, open; what is less than a triangle is left out.
function rounded(ring) {
	const corners = [];
	for (const [x, y] of ring) {
		const corner = [Math.round(x * UNITS), Math.round(y * UNITS)], before = corners.at(-1);
		if (!before || before[0] !== corner[0] || before[1] !== corner[1]) {
			corners.push(corner);
		}
	}
	if (corners.length > 1 && corners[0][0] === corners.at(-1)[0] && corners[0][1] === corners.at(-1)[1]) {
		corners.pop();
	}
	return corners;
}

function put(out, value) {
	for (; value > 127; value = Math.floor(value / 128)) {
		out.push((value % 128) + 128);
	}
	out.push(value);
}
const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);

function packed(all) {
	const out = [];
	for (const corners of all) {
		let [x, y] = [0, 0];
		put(out, corners.length);
		for (const corner of corners) {
			put(out, zigzag(corner[0] - x));
			put(out, zigzag(corner[1] - y));
			[x, y] = corner;
		}
	}
	return Buffer.from(out);
}

const coastline = rings(packages()).map((ring) => rounded(thinned(unwound(ring)))).filter((ring) => ring.length > 2);
const coast = packed(coastline);
if (coast.length > MOST_BYTES || coastline.some((ring) => ring.length > MOST_CORNERS)) {
	missing(`${coast.length} bytes; at most ${MOST_BYTES} go into the program, and ${MOST_CORNERS} corners of a ring`);
}
process.stdout.write(coast);

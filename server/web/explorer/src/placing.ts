// Where nodes stand. What stands stays: a new node takes the first free place around the one that it came from, and a
// statement between two that are shown stands between them. The same graph, opened the same way, looks the same.
import { beside, type Key, type Link, refOf, STATEMENTS } from "./nodes";

export interface Place {
  x: number;
  y: number;
}

const CELL = 96;
const RING = 150;
const STEP = 112;

export class Places {
  readonly at = new Map<Key, Place>();
  private readonly taken = new Set<string>();
  private readonly rings = new Map<Key, { radius: number; index: number; count: number }>();

  // Nodes that are gone leave their place; those that are new get one. The new ones are told.
  settle(keys: Iterable<Key>, links: readonly Link[]): Key[] {
    const wanted = new Set(keys);
    for (const key of [...this.at.keys()]) if (!wanted.has(key)) this.leave(key);
    const around = neighbours(links);
    const fresh = [...wanted].filter((key) => !this.at.has(key));
    // statements first: those whom they name stand behind them
    fresh.sort((a, b) => Number(STATEMENTS.has(refOf(b).type)) - Number(STATEMENTS.has(refOf(a).type)));
    for (const key of fresh) this.put(key, this.placeFor(key, around.get(key) ?? []));
    return fresh;
  }

  move(key: Key, place: Place): void {
    this.leave(key);
    this.put(key, place);
  }

  private placeFor(key: Key, near: readonly Key[]): Place {
    const placed = near.filter((each) => this.at.has(each));
    const from = beside.get(key);
    if (STATEMENTS.has(refOf(key).type) && placed.length > 1) {
      const ends = placed.slice(0, 2).map((each) => this.at.get(each)!);
      return this.free(middle(ends), direction(ends[0]!, ends[1]!) + Math.PI / 2, 0, key);
    }
    const [anchor] = from !== undefined && placed.includes(from) ? [from] : placed;
    if (anchor !== undefined) {
      const origin = from !== undefined && from !== anchor ? this.at.get(from) : undefined;
      const here = this.at.get(anchor)!;
      return this.free(here, origin ? direction(origin, here) : -Math.PI / 2, RING, anchor);
    }
    if (from !== undefined && this.at.has(from)) return this.free(this.at.get(from)!, -Math.PI / 2, RING * 2, from);
    return this.free(this.outside(), 0, 0, key);
  }

  // Beside everything, for what is related to nothing here.
  private outside(): Place {
    let right = -RING * 2;
    for (const { x } of this.at.values()) right = Math.max(right, x);
    return this.at.size === 0 ? { x: 0, y: 0 } : { x: right + RING * 2, y: 0 };
  }

  // The first free place on rings around a centre, beginning in a direction and going to both sides of it.
  private free(centre: Place, towards: number, least: number, anchor: Key): Place {
    const ring = this.rings.get(anchor) ?? { radius: least, index: 0, count: 0 };
    this.rings.set(anchor, ring);
    for (;;) {
      const count = Math.max(1, Math.floor((2 * Math.PI * ring.radius) / STEP));
      while (ring.index < count) {
        const side = ring.index % 2 === 0 ? -1 : 1;
        const angle = towards + side * Math.ceil(ring.index / 2) * ((2 * Math.PI) / count);
        ring.index += 1;
        const place = { x: centre.x + ring.radius * Math.cos(angle), y: centre.y + ring.radius * Math.sin(angle) };
        if (this.isFree(place)) return place;
      }
      ring.radius += RING * 0.8;
      ring.index = 0;
    }
  }

  private isFree({ x, y }: Place): boolean {
    const [column, row] = [Math.round(x / CELL), Math.round(y / CELL)];
    return !this.taken.has(`${column} ${row}`);
  }

  private put(key: Key, place: Place): void {
    this.at.set(key, place);
    this.taken.add(cell(place));
  }

  private leave(key: Key): void {
    const place = this.at.get(key);
    if (place) this.taken.delete(cell(place));
    this.at.delete(key);
    this.rings.delete(key);
  }
}

function cell({ x, y }: Place): string {
  return `${Math.round(x / CELL)} ${Math.round(y / CELL)}`;
}

function middle(places: readonly Place[]): Place {
  const sum = places.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
  return { x: sum.x / places.length, y: sum.y / places.length };
}

function direction(from: Place, to: Place): number {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

function neighbours(links: readonly Link[]): Map<Key, Key[]> {
  const found = new Map<Key, Key[]>();
  const add = (a: Key, b: Key) => {
    const list = found.get(a);
    if (list) list.push(b);
    else found.set(a, [b]);
  };
  for (const { source, target } of links) {
    add(source, target);
    add(target, source);
  }
  return found;
}

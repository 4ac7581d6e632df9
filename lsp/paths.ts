/**
 * URIs, as the client names files, and paths, as the compiler does. A `file:` URI is the path it stands for; a document of any
 * other scheme (untitled, or the files of an editor in a browser) is known by its URI. Knows no file system.
 */

const scheme = /^([a-z][a-z0-9+.-]+:)(\/\/[^/]*)?/i;

/** `file:///a/b%20c.flow` → `/a/b c.flow`; `file:///c%3A/a.flow` → `c:/a.flow`; `memfs:/a.flow` stays. */
export function pathOfUri(uri: string): string {
  const match = scheme.exec(uri);
  if (match?.[1]?.toLowerCase() !== "file:") return uri;
  const host = (match[2] ?? "").slice(2);
  const path = decoded(uri.slice(match[0].length).replace(/[?#].*$/, ""));
  if (host !== "" && host !== "localhost") return `//${host}${path}`;
  return /^\/[a-z]:/i.test(path) ? `${path[1]!.toLowerCase()}${path.slice(2)}` : path;
}

/** The way back, spelled like editors spell it. */
export function uriOfPath(path: string): string {
  if (scheme.test(path)) return path;
  const share = /^\/\/([^/]*)(.*)$/.exec(path);
  if (share) return `file://${share[1]}${encoded(share[2] ?? "")}`;
  return `file://${encoded(path.startsWith("/") ? path : `/${path}`)}`;
}

/** `path` as written in the file `from`. Never leads above the root. */
export function resolvePath(from: string, path: string): string {
  if (scheme.test(path)) return path;
  const root = scheme.exec(from)?.[0] ?? /^[a-z]:(?=\/)/i.exec(from)?.[0] ?? "";
  const slashed = path.replaceAll("\\", "/");
  if (/^[a-z]:\//i.test(slashed)) return slashed;
  const folder = slashed.startsWith("/") ? [] : from.slice(root.length).split("/").slice(0, -1);
  const parts: string[] = [];
  for (const part of [...folder, ...slashed.split("/")]) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  const opaque = root !== "" && !from.slice(root.length).startsWith("/");
  return `${root}${opaque ? "" : "/"}${parts.join("/")}`;
}

/** The path lies in the folder or is it. */
export const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

/** A wrong escape is no reason to fail: it stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const encoded = (path: string): string =>
  path
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join("/");

/** The page as VS Code loads it: nothing runs but our script, nothing is fetched but our files, and nothing of a pipeline is in it. */

export interface PageParts {
  /** VS Code's name for where its files come from. */
  readonly cspSource: string;
  /** A new one for each page. */
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** The worker that lays out. */
  readonly layout: string;
}

export function pageHtml({ cspSource, nonce, script, style, layout }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    // The worker is started from a blob, which is read from our file.
    "worker-src blob:",
    `connect-src ${cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<title>Flow Graph</title>
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body data-state="empty" data-layout="${attribute(layout)}">
<header id="bar"></header>
<div id="note"></div>
<main id="page" role="application" aria-label="Pipeline" aria-describedby="help" aria-roledescription="graph"></main>
<div class="unseen" id="help">Arrow keys follow the edges, Enter goes to the text, plus and minus zoom, 0 shows the whole graph, D turns it.</div>
<div class="unseen" id="announcer" role="status" aria-live="polite"></div>
<script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

const attribute = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

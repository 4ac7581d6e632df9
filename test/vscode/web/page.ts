/** The page that starts VS Code Web with our extension and the folder under test. Everything it names is served by `site.ts`. */

/**
 * Pages and webviews must be one site to Chromium, or it denies a webview its service worker: `<hash>.editor.localhost` beside
 * `editor.localhost` is one, `<hash>.localhost` beside `localhost` is not. Chromium takes `*.localhost` for this machine without asking anyone.
 */
export const pageHost = "editor.localhost";

/** The folder that the editor opens, in the memory of the test. */
export const folderPath = "/pipelines";

export interface PageSettings {
  readonly port: number;
  /** Paths on this site under which extensions lie. */
  readonly extensions: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

export function workbenchPage({ port, extensions, settings }: PageSettings): string {
  const authority = `${pageHost}:${port}`;
  const product = {
    additionalBuiltinExtensions: extensions.map((path) => ({ scheme: "http", authority, path })),
    folderUri: { scheme: "memory", path: folderPath },
    webviewEndpoint: `http://{{uuid}}.${authority}/out/vs/workbench/contrib/webview/browser/pre/`,
    configurationDefaults: settings,
    productConfiguration: {
      nameShort: "Editor test",
      nameLong: "Editor test",
      enableTelemetry: false,
      // With these three the extension host is an origin of its own, as on vscode.dev.
      webEndpointUrlTemplate: `http://{{uuid}}.${authority}`,
      commit: "none",
      quality: "stable",
    },
  };
  const script = (path: string) => `<script src="/out/vs/${path}.js"></script>`;
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<link data-name="vs/workbench/workbench.web.main" rel="stylesheet" href="/out/vs/workbench/workbench.web.main.css">
</head>
<body aria-label=""></body>
<script>window.product = ${JSON.stringify(product).replaceAll("<", "\\u003c")};</script>
${script("loader")}
${script("webPackagePaths")}
<script>
for (const [name, path] of Object.entries(webPackagePaths)) webPackagePaths[name] = location.origin + "/node_modules/" + name + "/" + path;
require.config({
  baseUrl: location.origin + "/out",
  recordStats: true,
  paths: webPackagePaths,
  trustedTypesPolicy: trustedTypes.createPolicy("amdLoader", { createScriptURL: (url) => url }),
});
</script>
${script("workbench/workbench.web.main.nls")}
${script("workbench/workbench.web.main")}
${script("code/browser/workbench/workbench")}
</html>`;
}

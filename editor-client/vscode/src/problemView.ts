import * as vscode from 'vscode';
import type { Standing } from './standing';

/** What the view shows; the texts are Markdown. */
export interface ProblemPage {
  readonly program: vscode.Uri;
  readonly statement: string;
  readonly failingTest?: string;
  readonly standing: Standing;
}

/** What the page is told: words, and HTML made from Markdown. */
interface Content {
  readonly standing: string;
  readonly passed: boolean;
  readonly failingTest: string;
  readonly statement: string;
}

/** What the page may ask for. */
const WISHES: readonly string[] = ['wpc.check', 'wpc.compareFix'];

/** The problem that a program solves, beside it: the failing test, then the statement. */
export class ProblemView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shown: vscode.Uri | undefined;
  private content: Content | undefined;

  constructor(private readonly media: vscode.Uri) {}

  /** The program whose problem is shown. */
  get program(): vscode.Uri | undefined {
    return this.panel && this.shown;
  }

  /** Shows a page; opens the view where it is not open. */
  async show({ program, statement, failingTest, standing }: ProblemPage): Promise<void> {
    const name = program.path.split('/').pop() ?? '';
    this.shown = program;
    this.content = {
      standing: describe(name, standing),
      passed: standing.passed === standing.total,
      failingTest: failingTest ? await render(failingTest) : '',
      statement: await render(statement),
    };
    this.panel ??= this.open();
    this.panel.title = `Problem of ${name}`;
    await this.panel.webview.postMessage(this.content);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private open(): vscode.WebviewPanel {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('wpc.problem', 'Problem', place, {
      enableScripts: true,
      localResourceRoots: [this.media],
    });
    panel.onDidDispose(() => (this.panel = undefined));
    panel.webview.onDidReceiveMessage((message: unknown) => {
      // The page is loaded anew whenever it was hidden.
      if (message === 'ready') void panel.webview.postMessage(this.content);
      if (typeof message === 'string' && WISHES.includes(message) && this.shown) {
        void vscode.commands.executeCommand(message, this.shown.toString());
      }
    });
    panel.webview.html = this.html(panel.webview);
    return panel;
  }

  private html(webview: vscode.Webview): string {
    const media = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.media, file));
    const policy = [
      "default-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      `style-src ${webview.cspSource}`,
      `script-src ${webview.cspSource}`,
    ].join('; ');
    return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${media('problem.css')}">
<title>Problem</title>
</head>
<body>
<header>
<p id="standing" role="status"></p>
<button data-wish="wpc.check">Run the tests again</button>
<button data-wish="wpc.compareFix" id="compare">Compare with the fix</button>
</header>
<section id="failing-test"></section>
<section id="statement"></section>
<script src="${media('problem.js')}"></script>
</body>
</html>`;
  }
}

function describe(name: string, { passed, total, stale }: Standing): string {
  if (!total) return `${name}: no tests were run`;
  return `${name}: ${passed} of ${total} tests passed${stale ? ' before the last change' : ''}`;
}

async function render(markdown: string): Promise<string> {
  return vscode.commands.executeCommand<string>('markdown.api.render', markdown);
}

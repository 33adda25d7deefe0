import * as vscode from 'vscode';
import type { Standing } from './standing';

/** What the view shows; the texts are Markdown. */
export interface ProblemPage {
  readonly program: vscode.Uri;
  readonly statement: string;
  readonly failingTest?: string;
  readonly standing?: Standing;
}

/** The messages that the page sends. */
type Wish = 'wpc.check' | 'wpc.compareFix';
const WISHES: readonly string[] = ['wpc.check', 'wpc.compareFix'] satisfies Wish[];

/** The problem that a program solves, beside it: the failing test, then the statement. */
export class ProblemView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shown: vscode.Uri | undefined;

  constructor(private readonly media: vscode.Uri) {}

  /** The program whose problem is shown. */
  get program(): vscode.Uri | undefined {
    return this.panel && this.shown;
  }

  /** Shows a page; opens the view where it is not open. */
  async show(page: ProblemPage): Promise<void> {
    this.shown = page.program;
    this.panel ??= this.open();
    const { webview } = this.panel;
    const name = page.program.path.split('/').pop() ?? '';
    this.panel.title = `Problem of ${name}`;
    const [statement, failingTest] = await Promise.all([render(page.statement), render(page.failingTest ?? '')]);
    webview.html = this.html(webview, name, page.standing, failingTest, statement);
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
    panel.webview.onDidReceiveMessage((wish: unknown) => {
      if (typeof wish !== 'string' || !WISHES.includes(wish) || !this.shown) return;
      void vscode.commands.executeCommand(wish, this.shown.toString());
    });
    return panel;
  }

  private html(
    webview: vscode.Webview, name: string, standing: Standing | undefined, failingTest: string, statement: string,
  ): string {
    const media = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.media, file));
    const csp = [
      "default-src 'none'", "base-uri 'none'", "form-action 'none'",
      `style-src ${webview.cspSource}`, `script-src ${webview.cspSource}`,
    ].join('; ');
    const compare = standing?.failing ? '<button data-wish="wpc.compareFix">Compare with the fix</button>' : '';
    return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<link rel="stylesheet" href="${media('problem.css')}">
<title>Problem</title>
</head>
<body>
<header>
<p class="${standing && standing.passed === standing.total ? 'passed' : 'failed'}">${escape(describe(name, standing))}</p>
<button data-wish="wpc.check">Run the tests again</button>${compare}
</header>
${failingTest ? `<section class="failing">${failingTest}</section>` : ''}
<section>${statement}</section>
<script src="${media('problem.js')}"></script>
</body>
</html>`;
  }
}

function describe(name: string, standing: Standing | undefined): string {
  if (!standing?.total) return `${name}: no tests were run`;
  const before = standing.stale ? ' before the last change' : '';
  return `${name}: ${standing.passed} of ${standing.total} tests passed${before}`;
}

const escape = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

async function render(markdown: string): Promise<string> {
  return vscode.commands.executeCommand<string>('markdown.api.render', markdown);
}

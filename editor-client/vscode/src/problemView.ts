import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { isAccepted, type Standing } from './standing';

const t = vscode.l10n.t;

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
  readonly tests: readonly { readonly name: string; readonly passed: boolean; readonly verdict: string }[];
  readonly failingTest: string;
  readonly statement: string;
}

const VERDICTS: Readonly<Record<string, string>> = {
  accepted: t('passed'),
  wrong_answer: t('wrong answer'),
  runtime_error: t('runtime error'),
  time_limit: t('time limit exceeded'),
  memory_limit: t('memory limit exceeded'),
  output_limit: t('output limit exceeded'),
};

/** What the page may ask for. */
const WISHES: readonly string[] = ['wpc.check', 'wpc.compareFix'];

/** The problem that a program solves, beside it: the tests, the failing one, then the statement. */
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
      passed: isAccepted(standing),
      tests: standing.results.map(({ test, verdict }) => ({
        name: test,
        passed: verdict === 'accepted',
        verdict: VERDICTS[verdict] ?? verdict,
      })),
      failingTest: failingTest ? await render(failingTest) : '',
      statement: await render(statement),
    };
    this.panel ??= this.open();
    this.panel.title = t('Problem of {0}', name);
    await this.panel.webview.postMessage(this.content);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private open(): vscode.WebviewPanel {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('wpc.problem', t('Problem'), place, {
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
    const nonce = randomBytes(16).toString('base64');
    // Statements come from the endpoint, and what a program writes is in the failing test: neither
    // may run a script, load anything, or send anything.
    const policy = [
      "default-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      `style-src ${webview.cspSource}`,
      `script-src 'nonce-${nonce}'`,
    ].join('; ');
    return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${media('problem.css')}">
<title>${t('Problem')}</title>
</head>
<body>
<header>
<p id="standing" role="status"></p>
<button data-wish="wpc.check">${t('Run the tests again')}</button>
<button data-wish="wpc.compareFix" id="compare">${t('Compare with the fix')}</button>
</header>
<ul id="tests" aria-label="${t('Tests')}"></ul>
<section id="failing-test"></section>
<section id="statement"></section>
<script nonce="${nonce}" src="${media('problem.js')}"></script>
</body>
</html>`;
  }
}

function describe(name: string, { passed, total, stale, failing }: Standing): string {
  if (!total) return t('{0}: no tests were run', name);
  if (stale) return t('{0}: {1} of {2} tests passed before the last change', name, passed, total);
  if (failing && passed === total) return t('{0}: {1} of {2} tests passed, but not one that WPC made', name, passed, total);
  return t('{0}: {1} of {2} tests passed', name, passed, total);
}

async function render(markdown: string): Promise<string> {
  return vscode.commands.executeCommand<string>('markdown.api.render', markdown);
}

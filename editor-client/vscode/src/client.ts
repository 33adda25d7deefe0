import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type Middleware } from 'vscode-languageclient/node';
import type { Launch } from './python';
import { SECTION, folderSettings, ownSettings } from './settings';

/** How the endpoint is doing, in the words of the server. */
export type EndpointState = 'starting' | 'ready' | 'busy' | 'unauthorized' | 'unreachable';

const ENDPOINT = /^The endpoint is (starting|ready|busy|unauthorized|unreachable)\.$/;

/** The connection to one language server. */
export class WpcClient extends LanguageClient {
  private readonly endpoint = new vscode.EventEmitter<EndpointState>();
  readonly onDidChangeEndpoint = this.endpoint.event;

  constructor(launch: Launch, cwd: string, log: vscode.LogOutputChannel, middleware: Middleware) {
    const { endpoint, scope } = ownSettings();
    const options: LanguageClientOptions = {
      // Also programs that were never saved; not notebooks, whose cells are no whole programs.
      documentSelector: [
        { scheme: 'file', language: 'python' },
        { scheme: 'untitled', language: 'python' },
      ],
      outputChannel: log,
      initializationOptions: { endpoint: endpoint || null, scope },
      synchronize: { configurationSection: SECTION },
      middleware: {
        ...middleware,
        workspace: {
          configuration: ({ items }) =>
            items.map(({ section, scopeUri }) =>
              section === SECTION ? folderSettings(scopeUri ? vscode.Uri.parse(scopeUri) : undefined) : null,
            ),
        },
      },
    };
    // Not started in the user's folder, from which Windows would also take programs.
    const executable = { command: launch.command, args: [...launch.args], options: { cwd } };
    super(SECTION, 'WPC', executable, options);
  }

  // The server writes to its log whenever the state of the endpoint changes.
  override info(message: string, data?: unknown, showNotification?: boolean): void {
    super.info(message, data, showNotification);
    const state = ENDPOINT.exec(message)?.[1];
    if (state) this.endpoint.fire(state as EndpointState);
  }
}

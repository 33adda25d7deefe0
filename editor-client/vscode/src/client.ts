import * as vscode from 'vscode';
import {
  ExecuteCommandRequest,
  LanguageClient,
  type ClientCapabilities,
  type LanguageClientOptions,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';
import type { Launch } from './python';
import { SECTION, folderSettings, ownSettings } from './settings';

/** How the endpoint is doing, in the words of the server. */
export type EndpointState = 'starting' | 'ready' | 'busy' | 'unauthorized' | 'unreachable';

/** Asks the server to tell whenever the state of the endpoint changes. */
const WANTS_STATUS: StaticFeature = {
  fillClientCapabilities: (capabilities: ClientCapabilities) => {
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), wpcStatus: true };
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

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
    this.registerFeature(WANTS_STATUS);
    this.onNotification('wpc/status', ({ endpoint }: { endpoint: EndpointState }) => this.endpoint.fire(endpoint));
  }

  /** Runs a command of the server that is about a program. */
  async ask(command: string, program: vscode.Uri): Promise<unknown> {
    const params = { command, arguments: [this.code2ProtocolConverter.asUri(program)] };
    return this.sendRequest(ExecuteCommandRequest.type, params);
  }
}

import * as vscode from 'vscode';
import {
  CodeActionKind,
  CodeActionRequest,
  CodeActionResolveRequest,
  type CodeAction,
} from 'vscode-languageclient/node';
import type { WpcClient } from './client';

/** The server's best fix of a program as it is now. */
export interface BestFix {
  readonly title: string;
  readonly edit: vscode.WorkspaceEdit;
}

/** Asks the server for the best fix of a program. */
export async function bestFix(client: WpcClient, document: vscode.TextDocument): Promise<BestFix | undefined> {
  const { version } = document;
  const end = document.lineAt(document.lineCount - 1).range.end;
  const actions = await client.sendRequest(CodeActionRequest.type, {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
    range: client.code2ProtocolConverter.asRange(new vscode.Range(new vscode.Position(0, 0), end)),
    context: { diagnostics: [], only: [CodeActionKind.QuickFix] },
  });
  // Best first. Fixes come without their edit; to ignore the finding is no fix, and comes with it.
  const fixes = actions?.filter((action): action is CodeAction => 'data' in action && action.data !== undefined);
  if (!fixes?.[0]) return undefined;
  const { title, edit } = await client.sendRequest(CodeActionResolveRequest.type, fixes[0]);
  if (!edit || document.version !== version) return undefined;
  return { title, edit: await client.protocol2CodeConverter.asWorkspaceEdit(edit) };
}

/** Returns the text that a document has after an edit. */
export function textAfter(document: vscode.TextDocument, edit: vscode.WorkspaceEdit): string {
  const edits = [...edit.get(document.uri)].sort((a, b) => b.range.start.compareTo(a.range.start));
  return edits.reduce(
    (text, { range, newText }) =>
      text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end)),
    document.getText(),
  );
}

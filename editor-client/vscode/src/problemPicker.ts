import * as vscode from 'vscode';
import { ExecuteCommandRequest } from 'vscode-languageclient/node';
import type { WpcClient } from './client';

const t = vscode.l10n.t;

interface Problem {
  readonly id: string;
  readonly title: string;
  readonly tests: number;
}

/** Lets the user choose one of the endpoint's problems, the likeliest for a program first. */
export async function pickProblem(client: WpcClient, program: string): Promise<string | undefined> {
  const params = { command: 'wpc.listProblems', arguments: [program] };
  const items = client.sendRequest(ExecuteCommandRequest.type, params).then((problems: Problem[]) =>
    problems.map(({ id, title, tests }) => ({
      label: title,
      description: id,
      detail: tests === 1 ? t('1 test') : t('{0} tests', tests),
    })),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Which problem does this program solve?'),
    placeHolder: t('Title or id'),
    matchOnDescription: true,
  });
  return picked?.description;
}

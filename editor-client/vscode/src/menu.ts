import * as vscode from 'vscode';

const t = vscode.l10n.t;

interface Entry extends vscode.QuickPickItem {
  readonly command?: string;
  readonly argument?: string;
}

const PROGRAM: readonly Entry[] = [
  { label: `$(run) ${t('Check this file')}`, command: 'wpc.check' },
  { label: `$(book) ${t('Show the problem')}`, command: 'wpc.showStatement' },
  { label: `$(diff) ${t('Compare with the fix')}`, command: 'wpc.compareFix' },
  { label: `$(list-selection) ${t('Choose the problem…')}`, command: 'wpc.chooseProblem' },
  { label: t('Endpoint'), kind: vscode.QuickPickItemKind.Separator },
  { label: `$(pulse) ${t('Show the status of the endpoint')}`, command: 'wpc.showStatus' },
  { label: `$(debug-restart) ${t('Restart the endpoint')}`, command: 'wpc.restartEndpoint' },
];

const ALWAYS: readonly Entry[] = [
  { label: t('Server'), kind: vscode.QuickPickItemKind.Separator },
  { label: `$(refresh) ${t('Restart the server')}`, command: 'wpc.restart' },
  { label: `$(output) ${t('Show the log')}`, command: 'wpc.showLog' },
  { label: `$(gear) ${t('Settings')}`, command: 'workbench.action.openSettings', argument: '@ext:wpc.wpc' },
];

const MISSING: readonly Entry[] = [{ label: `$(cloud-download) ${t('Install')}`, command: 'wpc.install' }];

/** Lets the user choose what to do with WPC. */
export async function showMenu(running: boolean): Promise<void> {
  const entries = [...(running ? PROGRAM : MISSING), ...ALWAYS];
  const chosen = await vscode.window.showQuickPick(entries, { title: 'WPC' });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command, ...(chosen.argument ? [chosen.argument] : []));
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Program, example, folder, until } from './programs';

const PEPPERS = example('pepper_grades.py');

/** Changes a setting of the folder, and returns when the server has it. */
async function set(name: string, value: unknown): Promise<void> {
  const changed = new Promise<void>((resolve) => {
    const listening = vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(`wpc.${name}`)) return;
      listening.dispose();
      resolve();
    });
  });
  await vscode.workspace.getConfiguration('wpc', folder()).update(name, value, vscode.ConfigurationTarget.Workspace);
  await changed;
  await vscode.commands.executeCommand('wpc.listProblems'); // answered after the server has asked for settings
}

describe('settings', () => {
  let program: Program;

  afterEach(async () => program.close());

  it('leave rules out, and let them in again', async () => {
    program = await Program.open('pepper_grades.py', PEPPERS);
    await program.finding();
    await set('ignore', ['WPC1']);
    await program.hasNoFinding();
    await set('ignore', undefined);
    await program.finding();
  });

  it('say which problem a file solves', async () => {
    await set('problems', { '**/week1-*.py': 'pepper_grades' });
    program = await Program.open('week1-draft.py', PEPPERS);
    await program.finding();
    await set('problems', undefined);
  });

  it('keep programs from being checked until somebody asks', async () => {
    await set('run', 'manual');
    program = await Program.open('pepper_grades.py', PEPPERS);
    await program.document.save();
    assert.deepEqual(await program.lenses(), []);
    await vscode.commands.executeCommand('wpc.check', program.document.uri.toString());
    await program.finding();
    await set('run', undefined);
  });

  it('are validated where they are written', async () => {
    const settings = {
      'wpc.run': 'sometimes',
      'wpc.timeBudget': 100,
      'wpc.ignore': ['ABC1'],
      'wpc.problems': { '*.py': 'two words' },
      'wpc.endpoint': 'example.org',
    };
    const file = vscode.Uri.joinPath(folder(), '.vscode', 'settings.json');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(settings, null, 2)));
    program = await Program.show(await vscode.workspace.openTextDocument(file));
    const said = (words: RegExp) =>
      until(vscode.languages.onDidChangeDiagnostics, () =>
        vscode.languages.getDiagnostics(file).some(({ message }) => words.test(message)),
      );
    await said(/onSave.*onType.*manual/);
    await said(/maximum of 30/);
    await said(/Write a rule, such as WPC301/);
    await said(/Write the id of a problem/);
    await vscode.workspace.fs.delete(file);
  });
});

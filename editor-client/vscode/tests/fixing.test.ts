import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Program, example, until } from './programs';

const PEPPERS = example('pepper_grades.py');
const FIXED = PEPPERS.replace('heat <= 2500', 'heat < 2500');

describe('a wrong program', () => {
  let program: Program;
  let finding: vscode.Diagnostic;

  beforeEach(async () => {
    program = await Program.open('pepper_grades.py', PEPPERS);
    finding = await program.finding();
  });
  afterEach(async () => program.close());

  it('has one finding, with its rule and at the wrong part', () => {
    assert.equal(program.findings.length, 1);
    assert.equal(program.document.getText(finding.range), 'heat <= 2500');
    assert.equal(typeof finding.code === 'object' ? finding.code.value : finding.code, 'WPC101');
    assert.match(finding.message, /`heat <= 2500` should be `heat < 2500`/);
  });

  it('is told how many tests it passes', async () => {
    assert.equal((await program.lenses())[0], '12/15 tests pass · run again');
  });

  it('explains the finding where the mouse rests', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider', program.document.uri, finding.range.start,
    );
    const text = hovers.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join();
    assert.match(text, /WPC101/);
    assert.match(text, /edge-2499-2500/);
  });

  it('is changed by the preferred quick fix in the wrong part alone, and undo takes it back', async () => {
    const fix = (await program.actions(finding.range, vscode.CodeActionKind.QuickFix)).find((action) => action.isPreferred);
    assert.match(fix!.title, /passes all 15 tests/);
    await vscode.workspace.applyEdit(fix!.edit!);
    assert.equal(program.document.getText(), FIXED);
    await program.hasNoFinding();
    assert.equal((await program.lenses())[0], '15/15 tests pass · run again');
    await vscode.commands.executeCommand('undo');
    assert.equal(program.document.getText(), PEPPERS);
    await program.finding();
  });

  it('is mended by the action that saving may run', async () => {
    const [all] = await program.actions(finding.range, vscode.CodeActionKind.SourceFixAll.append('wpc'));
    await vscode.workspace.applyEdit(all!.edit!);
    assert.equal(program.document.getText(), FIXED);
  });

  it('is compared with its fix in the diff editor, from where the fix is applied', async () => {
    await vscode.commands.executeCommand('wpc.compareFix', program.document.uri.toString());
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab!;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.original.toString(), program.document.uri.toString());
    assert.equal((await vscode.workspace.openTextDocument(input.modified)).getText(), FIXED);
    await vscode.commands.executeCommand('wpc.applyBestFix', input.modified);
    assert.equal(program.document.getText(), FIXED);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.ok(!tabs.some((tab) => tab.input instanceof vscode.TabInputTextDiff));
  });

  it('can be left as it is', async () => {
    await vscode.commands.executeCommand('wpc.ignoreFinding', program.document.uri.toString());
    await program.hasNoFinding();
    assert.match(program.document.getText(), /heat <= 2500:.*wpc: ignore/);
  });

  it('is shown with its problem', async () => {
    await vscode.commands.executeCommand('wpc.showStatement', program.document.uri.toString());
    const shown = await until(vscode.window.tabGroups.onDidChangeTabs, () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('wpc.problem')),
    );
    assert.equal(shown.label, 'Problem of pepper_grades.py');
    await vscode.window.tabGroups.close(shown);
  });
});

describe('a program', () => {
  it('may have characters of two code units before its wrong part', async () => {
    const program = await Program.open('leap_days.py', example('leap_days.py'));
    const { range } = await program.finding();
    assert.match(program.document.getText(range), /^range\(a, b\)$|^b$/);
    await vscode.commands.executeCommand('wpc.applyBestFix', program.document.uri);
    assert.equal(program.document.getText(), example('leap_days.py').replace('range(a, b)', 'range(a, b + 1)'));
    await program.close();
  });

  it('keeps its line ends', async () => {
    const program = await Program.open('pepper_grades.py', PEPPERS.replaceAll('\n', '\r\n'));
    await program.finding();
    await vscode.commands.executeCommand('wpc.applyBestFix', program.document.uri);
    assert.equal(program.document.getText(), FIXED.replaceAll('\n', '\r\n'));
    await program.close();
  });

  it('need not have a file', async () => {
    const content = `# wpc: problem=pepper_grades\n${PEPPERS}`;
    const program = await Program.show(await vscode.workspace.openTextDocument({ language: 'python', content }));
    await program.finding();
    await vscode.commands.executeCommand('wpc.applyBestFix');
    assert.equal(program.document.getText(), `# wpc: problem=pepper_grades\n${FIXED}`);
    await program.close();
  });

  it('gets a comment that says which problem it solves', async () => {
    const program = await Program.open('draft.py', PEPPERS);
    await vscode.commands.executeCommand('wpc.chooseProblem', program.document.uri.toString(), 'pepper_grades');
    assert.equal(program.document.getText(), `# wpc: problem=pepper_grades\n${PEPPERS}`);
    await program.finding();
    await program.close();
  });

  it('that is right has no finding', async () => {
    const program = await Program.open('pepper_grades.py', FIXED);
    await vscode.commands.executeCommand('wpc.check', program.document.uri.toString());
    assert.deepEqual(program.findings, []);
    await program.close();
  });
});

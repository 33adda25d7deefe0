import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Program, example } from './programs';

const extension = () => vscode.extensions.getExtension('wpc.wpc')!;

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, object>> };
  };
}

describe('the extension', () => {
  let program: Program;

  before(async () => {
    program = await Program.open('pepper_grades.py', example('pepper_grades.py'));
    await program.finding();
  });
  after(async () => program.close());

  it('is active beside a Python file', () => assert.ok(extension().isActive));

  it('has every command that it announces', async () => {
    const { commands } = (extension().packageJSON as Manifest).contributes;
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(commands.filter(({ command }) => !known.has(command)), []);
  });

  it('describes every setting in words', () => {
    const { properties } = (extension().packageJSON as Manifest).contributes.configuration;
    for (const [name, setting] of Object.entries(properties)) {
      const { description, markdownDescription } = setting as Record<string, string | undefined>;
      assert.match(description ?? markdownDescription ?? '', /^[A-Z].*\.$/, name);
    }
  });

  it('goes on after the server was started again', async () => {
    await vscode.commands.executeCommand('wpc.restart');
    await program.finding();
    assert.equal((await program.lenses())[0], '12/15 tests pass · run again');
  });

  it('goes on after the endpoint was started again', async () => {
    const status = await vscode.commands.executeCommand<string>('wpc.restartEndpoint');
    assert.match(status, /^WPC \d.*: the endpoint is (ready|starting)/);
    await vscode.commands.executeCommand('wpc.check', program.document.uri.toString());
    await program.finding();
  });
});

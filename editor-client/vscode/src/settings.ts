import { commands, env, workspace, type ConfigurationScope } from 'vscode';

export const SECTION = 'wpc';

/** Settings that the server takes for each folder, as `workspace/configuration`. */
const FOR_THE_SERVER = [
  'run', 'debounce', 'scope', 'problems', 'select', 'ignore', 'perFileIgnores', 'exclude', 'timeBudget', 'locale',
] as const;

/** Settings with which another server, or one that was started otherwise, is needed. */
export const FOR_THE_START = ['interpreter', 'importStrategy', 'endpoint', 'scope'].map((name) => `${SECTION}.${name}`);

/** The extension's own settings. */
export function ownSettings(): { interpreter: string; useBundled: boolean; endpoint: string; scope: string } {
  const settings = workspace.getConfiguration(SECTION);
  return {
    interpreter: settings.get('interpreter', '').trim(),
    useBundled: settings.get('importStrategy') === 'useBundled',
    endpoint: settings.get('endpoint', '').trim(),
    scope: settings.get('scope', 'openFiles'),
  };
}

/**
 * What somebody has set for a folder. Defaults are left out: they would win over the folder's
 * wpc.toml or pyproject.toml, which the server reads itself.
 */
export function folderSettings(scope: ConfigurationScope | undefined): Record<string, unknown> {
  const settings = workspace.getConfiguration(SECTION, scope);
  return Object.fromEntries(
    FOR_THE_SERVER.filter((name) => {
      const said = settings.inspect(name);
      const values = [said?.globalValue, said?.workspaceValue, said?.workspaceFolderValue];
      return values.some((value) => value !== undefined) && settings.get(name) !== '';
    }).map((name) => [name, settings.get(name)]),
  );
}

/** Shows settings, those of the machine that WPC runs on where that is another than the window's. */
export async function openSettings(query: string): Promise<void> {
  const where = env.remoteName ? 'openRemoteSettings' : 'openSettings';
  await commands.executeCommand(`workbench.action.${where}`, { query });
}

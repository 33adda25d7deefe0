const vscode = require('vscode');

exports.activate = () => ({
  environments: {
    getActiveEnvironmentPath: () => ({ path: process.env.CHOSEN_PYTHON }),
    resolveEnvironment: async ({ path }) => ({ executable: { uri: vscode.Uri.file(path) } }),
    onDidChangeActiveEnvironmentPath: new vscode.EventEmitter().event,
  },
});

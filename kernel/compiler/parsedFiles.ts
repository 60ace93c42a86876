/** Files as they were parsed and bound. Those of installed packages are so once for all programs of a process. */
import ts from "typescript";
import { isInstalled } from "./moduleResolution.ts";

const caseSensitive = ts.sys.useCaseSensitiveFileNames;
const installed = ts.createDocumentRegistry(caseSensitive);

/** A registry for one program's own files, behind which all programs share the installed ones. */
export function parsedFiles(): ts.DocumentRegistry {
  const own = ts.createDocumentRegistry(caseSensitive);
  const registryOf = (file: string): ts.DocumentRegistry => (isInstalled(file) ? installed : own);
  return {
    ...own,
    acquireDocument: (file, ...rest) => registryOf(file).acquireDocument(file, ...rest),
    acquireDocumentWithKey: (file, ...rest) => registryOf(file).acquireDocumentWithKey(file, ...rest),
    updateDocument: (file, ...rest) => registryOf(file).updateDocument(file, ...rest),
    updateDocumentWithKey: (file, ...rest) => registryOf(file).updateDocumentWithKey(file, ...rest),
    releaseDocument: (file, settings, kind?: ts.ScriptKind, format?: ts.ResolutionMode) =>
      registryOf(file).releaseDocument(file, settings, kind!, format),
    releaseDocumentWithKey: (file, key, kind?: ts.ScriptKind, format?: ts.ResolutionMode) =>
      registryOf(file).releaseDocumentWithKey(file, key, kind!, format),
  };
}

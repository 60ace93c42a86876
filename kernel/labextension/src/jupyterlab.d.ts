/**
 * What the extension uses of JupyterLab's own packages. JupyterLab hands them over at run time as shared
 * singletons, so installing them, and their several hundred dependencies, would serve these types alone.
 */
declare module "@jupyterlab/rendermime" {
  import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
  import type { Token } from "@lumino/coreutils";

  export interface IRenderMimeRegistry {
    /** A lower rank is preferred when a bundle holds several types. */
    addFactory(factory: IRenderMime.IRendererFactory, rank?: number): void;
  }
  export const IRenderMimeRegistry: Token<IRenderMimeRegistry>;
}

declare module "@jupyterlab/apputils" {
  import type { Token } from "@lumino/coreutils";
  import type { ISignal } from "@lumino/signaling";

  export interface IThemeManager {
    readonly themeChanged: ISignal<IThemeManager, unknown>;
  }
  export const IThemeManager: Token<IThemeManager>;
}

declare module "@jupyterlab/notebook" {
  import type { Token } from "@lumino/coreutils";
  import type { ISignal } from "@lumino/signaling";
  import type { Widget } from "@lumino/widgets";

  export interface KernelMessage {
    header: { msg_type: string };
    parent_header: { msg_id?: string };
    content: {
      data?: Record<string, unknown>;
      metadata?: Record<string, unknown>;
      transient?: { display_id?: string };
    };
  }

  export interface KernelConnection {
    readonly id: string;
    readonly iopubMessage: ISignal<KernelConnection, KernelMessage>;
  }

  export interface SessionContext {
    readonly session: { readonly kernel: KernelConnection | null } | null;
    readonly kernelChanged: ISignal<SessionContext, { newValue: KernelConnection | null }>;
  }

  export interface OutputModel {
    readonly data: Record<string, unknown>;
    readonly metadata: Record<string, unknown>;
    toJSON(): Record<string, unknown>;
  }

  export interface OutputAreaModel {
    readonly length: number;
    get(index: number): OutputModel;
    set(index: number, output: Record<string, unknown>): void;
  }

  export interface Cell {
    /** Only code cells have outputs, in sight or not. */
    readonly model: { readonly id: string; readonly outputs?: OutputAreaModel };
    /** Only code cells have one; its future is the execution asked for from this page. */
    readonly outputArea?: {
      readonly model: OutputAreaModel;
      readonly future?: { readonly msg: { readonly header: { readonly msg_id: string } } };
    };
  }

  export interface Context {
    readonly saveState: ISignal<Context, "started" | "completed" | "completed manually" | "failed">;
    save(): Promise<void>;
  }

  export interface NotebookPanel extends Widget {
    readonly context: Context;
    readonly sessionContext: SessionContext;
    readonly content: { readonly widgets: readonly Cell[] };
  }

  export interface INotebookTracker {
    readonly widgetAdded: ISignal<INotebookTracker, NotebookPanel>;
    forEach(visit: (panel: NotebookPanel) => void): void;
  }
  export const INotebookTracker: Token<INotebookTracker>;
}

/** Of the File System Access API, which TypeScript's library of the DOM leaves out as some browsers do. */
interface FileSystemHandle {
  queryPermission(descriptor: { readonly mode: 'read' }): Promise<PermissionState>;
  requestPermission(descriptor: { readonly mode: 'read' }): Promise<PermissionState>;
}

interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

interface Window {
  showDirectoryPicker?(options?: { readonly id?: string; readonly mode?: 'read' }): Promise<FileSystemDirectoryHandle>;
}

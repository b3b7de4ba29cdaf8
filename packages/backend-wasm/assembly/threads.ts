export { controlBytes, runningWorkers, setThreads, work } from './pool';
export * from './index';

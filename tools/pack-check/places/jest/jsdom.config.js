export default { transform: {}, testEnvironment: './environment.js' };

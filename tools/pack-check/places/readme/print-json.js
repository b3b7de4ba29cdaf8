const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

console.log = (...values) => process.stdout.write(`> ${values.map(text).join(' ')}\n`);

// Preloaded into a measured process: hands its peak memory, in KiB, to the file that MEASURED_INTO names.
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.MEASURED_INTO, String(process.resourceUsage().maxRSS));
});

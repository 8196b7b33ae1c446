import { defineConfig } from "vite";

// One script and one style sheet under names that stay, so that a rebuild shows in review what changed.
export default defineConfig({
  base: "/explore/",
  build: {
    outDir: "built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      output: {
        entryFileNames: "assets/explorer.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/explorer[extname]",
      },
    },
  },
});

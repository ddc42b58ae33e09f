import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Found at the first start otherwise, and the page would load a second time.
  optimizeDeps: {
    include: ['@apollo/client', '@apollo/client/react', '@apollo/client/link/persisted-queries'],
  },
});

--- `:checkhealth akslint`
local M = {}

function M.check()
  vim.health.start('akslint')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim 0.11 or later is needed')
    return
  end
  local program = require('akslint').program()
  if vim.fn.executable(program) == 0 then
    vim.health.error(program .. ' is not there or cannot be run', {
      'cargo install --git https://github.com/akslint/akslint',
      "or vim.lsp.config('akslint', { cmd = { '/path/to/akslint', 'server' } })",
    })
    return
  end
  local version = vim.system({ program, '--version' }, { text = true }):wait(2000)
  vim.health.ok(vim.trim(version.stdout or '') .. ', ' .. vim.fn.exepath(program))
  if vim.lsp.is_enabled('akslint') then
    vim.health.ok('the language server is enabled')
  else
    vim.health.warn('the language server is not enabled', { "vim.lsp.enable('akslint')" })
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'akslint' })) do
    local buffers = vim.tbl_count(client.attached_buffers)
    vim.health.info(('running for %s, with %d buffers'):format(client.root_dir or 'single files', buffers))
  end
end

return M

if vim.g.loaded_akslint then
  return
end
vim.g.loaded_akslint = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('akslint needs Neovim 0.11 or later', vim.log.levels.WARN)
  return
end

-- By its name alone, Neovim 0.11 calls neither Terraform: an empty .tf file becomes TinyFugue, and .tofu is unknown.
-- Where you or a newer Neovim have decided otherwise, that stays.
for _, extension in ipairs({ 'tf', 'tofu' }) do
  if not vim.filetype.match({ filename = 'main.' .. extension }) then
    vim.filetype.add({ extension = { [extension] = 'terraform' } })
  end
end

vim.api.nvim_create_user_command('AkslintNetwork', function(arguments)
  require('akslint').network(arguments.args)
end, { nargs = '?', complete = 'file', desc = 'Show the network that akslint understands' })

vim.api.nvim_create_user_command('AkslintExplain', function(arguments)
  require('akslint').explain(arguments.args)
end, {
  nargs = '?',
  complete = function(beginning)
    return require('akslint').rules(beginning)
  end,
  desc = "Show a rule's page",
})

if vim.g.akslint_enable ~= false then
  vim.lsp.enable('akslint')
end

---@brief
--- The language server of akslint. `vim.lsp.config('akslint', {...})` in your configuration is laid over this.

---@type vim.lsp.Config
return {
  cmd = { 'akslint', 'server' },
  filetypes = {
    'terraform',
    -- What Neovim calls a .tf file that is empty or begins with a // comment.
    'tf',
    'terraform-vars',
    'opentofu',
    'opentofu-vars',
    'bicep',
    'bicep-params',
    'json',
    'jsonc',
  },
  -- A repository comes before the folder that `terraform init` ran in: the modules that it calls lie beside it.
  root_markers = { { 'akslint.toml', '.akslint.toml' }, '.git', '.terraform' },
  get_language_id = function(_, filetype)
    return filetype == 'tf' and 'terraform' or filetype
  end,
}

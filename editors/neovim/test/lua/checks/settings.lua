--- What the user's own configuration can change.
local checks = require('checks')
local check, equal, becomes = checks.check, checks.equal, checks.becomes

local host_bits = '74:27-74:52 warn akslint AKS102 local.services["Zürich"]'
local overlap = '74:27-74:52 warn akslint AKS111 local.services["Zürich"]'

vim.lsp.config('akslint', {
  settings = { akslint = { ignore = { 'cidr-host-bits-set' } } },
  capabilities = { workspace = { didChangeWatchedFiles = { dynamicRegistration = true } } },
})

-- Without inotifywait, Neovim watches the root alone; so that is the folder of the configuration here.
vim.fn.writefile({}, 'infra/akslint.toml')
local main, client = checks.open('infra/main.tf')

check('akslint.toml marks the root', function()
  equal(client.root_dir, vim.fn.getcwd() .. '/infra')
end)

local function findings()
  return checks.findings(main)
end

check('a rule that the settings leave out is left out', function()
  becomes(findings, { overlap })
end)

check('other settings count at once', function()
  client.settings = { akslint = { ignore = { 'AKS111' } } }
  client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  becomes(findings, { host_bits })
  client.settings = { akslint = { enable = false } }
  client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  becomes(findings, {})
  client.settings = { akslint = {} }
  client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  becomes(findings, { host_bits, overlap })
end)

check('where files are watched, a .tfvars file that another program writes counts at once', function()
  vim.fn.writefile({ 'address_space = "10.80.0.0/16"' }, 'infra/terraform.tfvars')
  becomes(findings, { host_bits })
  vim.fn.writefile({ 'address_space = "10.60.0.0/16"' }, 'infra/terraform.tfvars')
  becomes(findings, { host_bits, overlap })
end)

check('the server can be switched off', function()
  vim.lsp.enable('akslint', false)
  becomes(function()
    return { #vim.lsp.get_clients({ name = 'akslint' }), #vim.diagnostic.get(main) }
  end, { 0, 0 })
end)

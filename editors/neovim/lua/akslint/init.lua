--- What the commands of the plugin do. The language server needs nothing of this.
local M = {}

--- The program that the language server is started with.
---@return string
function M.program()
  local config = vim.lsp.config.akslint
  local cmd = config and config.cmd
  return type(cmd) == 'table' and cmd[1] or 'akslint'
end

--- Runs akslint and hands over what it printed, or says why it could not.
---@param arguments string[]
---@param folder string?
---@param act fun(lines: string[])
local function run(arguments, folder, act)
  local command = vim.list_extend({ M.program() }, arguments)
  local function ended(result)
    if result.code == 0 then
      act(vim.split(result.stdout, '\n', { trimempty = true }))
    else
      vim.notify(vim.trim(result.stderr), vim.log.levels.ERROR)
    end
  end
  local started, problem = pcall(vim.system, command, { text = true, cwd = folder }, vim.schedule_wrap(ended))
  if not started then
    vim.notify(('%s cannot be started: %s'):format(command[1], problem), vim.log.levels.ERROR)
  end
end

--- Shows lines in a window of their own, which `q` closes.
---@param name string
---@param filetype string
---@param lines string[]
local function show(name, filetype, lines)
  local buffer = vim.fn.bufnr('^' .. name .. '$')
  if buffer == -1 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, name)
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = filetype
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close' })
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd.sbuffer(buffer)
  else
    vim.api.nvim_set_current_win(window)
  end
end

--- Shows the network of the deployments that a file or folder belongs to, as it is on disk.
---@param path string empty: the file in front
function M.network(path)
  if path == '' then
    path = vim.api.nvim_buf_get_name(0)
  end
  path = path == '' and vim.fn.getcwd() or vim.fn.fnamemodify(path, ':p')
  -- Modules that lie beside the folder are read only from the root of all.
  local client = vim.lsp.get_clients({ name = 'akslint', bufnr = 0 })[1]
  run({ 'network', '--color', 'never', path }, client and client.root_dir, function(lines)
    show('akslint://network', '', lines)
  end)
end

--- The codes of the findings on the line of the cursor.
---@return string[]
local function codes_here()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local codes = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0, { lnum = line })) do
    if diagnostic.source == 'akslint' and not vim.list_contains(codes, diagnostic.code) then
      table.insert(codes, diagnostic.code)
    end
  end
  return codes
end

--- Shows a rule's page.
---@param rule string code or name; empty: that of the finding on the line of the cursor
function M.explain(rule)
  local function page(chosen)
    if chosen then
      run({ 'explain', chosen }, nil, function(lines)
        show('akslint://rule', '', lines)
      end)
    end
  end
  if rule ~= '' then
    return page(rule)
  end
  local codes = codes_here()
  if #codes == 0 then
    vim.notify('There is no finding of akslint on this line. A rule can be named: :AkslintExplain AKS110')
  elseif #codes == 1 then
    page(codes[1])
  else
    vim.ui.select(codes, { prompt = 'Rule' }, page)
  end
end

--- The codes and names of rules, for completion on the command line.
---@param beginning string
---@return string[]
function M.rules(beginning)
  local done, result = pcall(function()
    return vim.system({ M.program(), 'rules', '--format', 'json' }, { text = true }):wait(2000)
  end)
  if not done or result.code ~= 0 then
    return {}
  end
  local words = {}
  for _, rule in ipairs(vim.json.decode(result.stdout)) do
    vim.list_extend(words, { rule.code, rule.name })
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word:lower(), beginning:lower())
  end, words)
end

return M

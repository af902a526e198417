--- Runs a file of checks and says for each whether it holds.
local M = {}

local failures = 0

local function say(line)
  io.stdout:write(line .. '\n')
end

--- One check. It fails by an error.
---@param what string
---@param act fun()
function M.check(what, act)
  local done, problem = xpcall(act, function(problem)
    return type(problem) == 'string' and problem or vim.inspect(problem)
  end)
  if done then
    say('ok     ' .. what)
  else
    failures = failures + 1
    say('FAILED ' .. what .. '\n       ' .. problem:gsub('\n', '\n       '))
  end
end

---@param actual any
---@param expected any
function M.equal(actual, expected)
  if not vim.deep_equal(actual, expected) then
    error(('found    %s\nexpected %s'):format(vim.inspect(actual), vim.inspect(expected)), 0)
  end
end

--- Waits until what is found is what is expected.
---@param find fun(): any
---@param expected any
function M.becomes(find, expected)
  vim.wait(10000, function()
    return vim.deep_equal(find(), expected)
  end, 20)
  M.equal(find(), expected)
end

--- The findings of a buffer, one a line, with the place that the editor shows: line and byte column from 1, and the
--- text that is underlined.
---@param buffer integer
---@return string[]
function M.findings(buffer)
  local found = {}
  for _, it in ipairs(vim.diagnostic.get(buffer)) do
    local text = vim.api.nvim_buf_get_text(buffer, it.lnum, it.col, it.end_lnum, it.end_col, {})
    local severity = vim.diagnostic.severity[it.severity]:lower()
    local place = ('%d:%d-%d:%d'):format(it.lnum + 1, it.col + 1, it.end_lnum + 1, it.end_col + 1)
    table.insert(found, ('%s %s %s %s %s'):format(place, severity, it.source, it.code, text[1]))
  end
  table.sort(found)
  return found
end

--- Opens a file and waits for the server.
---@param path string
---@return integer buffer
---@return vim.lsp.Client client
function M.open(path)
  vim.cmd.edit(vim.fn.fnameescape(path))
  local buffer = vim.api.nvim_get_current_buf()
  local client
  vim.wait(10000, function()
    client = vim.lsp.get_clients({ name = 'akslint', bufnr = buffer })[1]
    return client and client.initialized
  end, 20)
  if not client then
    error(path .. ' has no language server', 0)
  end
  return buffer, client
end

--- Changes one line of a buffer as typing would.
---@param buffer integer
---@param from string
---@param to string
function M.replace(buffer, from, to)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local first, last = line:find(from, 1, true)
    if first then
      vim.api.nvim_buf_set_text(buffer, number - 1, first - 1, number - 1, last, { to })
      return
    end
  end
  error('there is no ' .. from, 0)
end

---@param name string
function M.run(name)
  local done, problem = xpcall(require, debug.traceback, 'checks.' .. name)
  if not done then
    failures = failures + 1
    say('FAILED ' .. name .. '\n' .. problem)
  end
  vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
end

return M

"""The arrays that compiled steps read and write: rows, plans of calls, parameters, work space."""
